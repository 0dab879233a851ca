import type { Instance } from "../sandbox/instance";

export async function rows(instance: Instance): Promise<number> {
  const [row] = await instance.query<{ rows: string }>("SELECT count(*) AS rows FROM modules");
  return Number(row?.rows);
}

/** Lets clients write rows through the API. */
export async function writeRows({ url }: Instance, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    const answer = await fetch(`${url}/v1/modules`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: `written-since-${number}`, content: "x" }),
    });
    if (!answer.ok) throw new Error(`a row was not written: ${answer.status} ${await answer.text()}`);
  }
}
