import { IsomorphicFetchHttpLibrary, ResponseContext, wrapHttpLibrary } from "../../kubernetes-client";
import { UnusableAnswer } from "./unusable";

const http = new IsomorphicFetchHttpLibrary();

/** What a pod answers or writes is handed through, and may be anything. */
const ofPods = /\/pods\/[^/]+\/(proxy|log)(\/|$)/;

/**
 * HTTP as the client has it, but where something else answers in the API server's place, such as a proxy or a log-in
 * page, that is said; the client would stumble over it.
 */
export const checkedAnswers = wrapHttpLibrary({
  async send(request) {
    const response = await http.send(request).toPromise();
    const url = new URL(request.getUrl());
    if (response.httpStatusCode >= 300 || ofPods.test(url.pathname)) return response;
    const text = await response.body.text();
    if (!isKubernetesObject(text)) {
      throw new UnusableAnswer(
        `${url.origin} answers, and not as a Kubernetes API server does (${request.getHttpMethod()} ${url.pathname})`,
        "a Kubernetes API server",
        "see that kubeconfig and context lead to one, and to no proxy or log-in page",
      );
    }
    return new ResponseContext(response.httpStatusCode, response.headers, {
      text: () => Promise.resolve(text),
      binary: () => Promise.resolve(Buffer.from(text)),
      stream: () => new Response(text).body,
    });
  },
});

/** Not parsed: a release's history is large, and the client parses it. */
function isKubernetesObject(text: string): boolean {
  if (!/^\s*\{/.test(text) || !text.trimEnd().endsWith("}")) return false;
  const isList = /"kind":\s*"\w+List"/.test(text);
  return isList ? /"items":\s*\[/.test(text) : text.includes('"kind"');
}
