// Posts a file as a comment of the merge request, and updates that comment later.
import { readFileSync } from "node:fs";
/* global process, fetch */

const {
  CI_API_V4_URL: api,
  CI_PROJECT_ID: project,
  CI_MERGE_REQUEST_IID: request,
  BSR_REVIEW_TOKEN: token,
  STACK: stack,
} = process.env;
const marker = `<!-- bsr review of ${stack} -->`;
const notes = `${api}/projects/${project}/merge_requests/${request}/notes`;

const earlier = await findEarlier();
const body = `${marker}\n${readFileSync(process.argv[2], "utf8")}`;
await call(earlier === undefined ? "POST" : "PUT", earlier === undefined ? notes : `${notes}/${earlier}`, {
  body,
});

async function findEarlier() {
  for (let page = "1"; page !== "";) {
    const answer = await call("GET", `${notes}?per_page=100&page=${page}`);
    const note = (await answer.json()).find((one) => one.body.startsWith(marker));
    if (note !== undefined) return note.id;
    page = answer.headers.get("x-next-page") ?? "";
  }
  return undefined;
}

async function call(method, url, content) {
  const headers = { "private-token": token, "content-type": "application/json" };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(content) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status}; BSR_REVIEW_TOKEN needs the scope api`);
  return answer;
}
