import { IsomorphicFetchHttpLibrary, ResponseContext, wrapHttpLibrary } from "../../kubernetes-client";
import { UnusableAnswer } from "./unusable";

const http = new IsomorphicFetchHttpLibrary();

/** A pod's own answers and logs may be anything, so they are passed on unchecked. */
const ofPods = /\/pods\/[^/]+\/(proxy|log)(\/|$)/;

/**
 * The client's HTTP, except that it reports when something else answers in the API server's place, such as a proxy or a
 * login page. The client would fail on such an answer without saying so.
 */
export const checkedAnswers = wrapHttpLibrary({
  async send(request) {
    const response = await http.send(request).toPromise();
    const url = new URL(request.getUrl());
    if (response.httpStatusCode >= 300 || ofPods.test(url.pathname)) return response;
    const text = await response.body.text();
    if (!isKubernetesObject(text)) {
      throw new UnusableAnswer(
        `${url.origin} answers, but not as a Kubernetes API server does (${request.getHttpMethod()} ${url.pathname})`,
        "a Kubernetes API server",
        "check that kubeconfig and context lead to one, and not to a proxy or a login page",
      );
    }
    return new ResponseContext(response.httpStatusCode, response.headers, {
      text: () => Promise.resolve(text),
      binary: () => Promise.resolve(Buffer.from(text)),
      stream: () => new Response(text).body,
    });
  },
});

/** Checks the text without parsing it: a release's history is large, and the client parses it anyway. */
function isKubernetesObject(text: string): boolean {
  if (!/^\s*\{/.test(text) || !text.trimEnd().endsWith("}")) return false;
  const isList = /"kind":\s*"\w+List"/.test(text);
  return isList ? /"items":\s*\[/.test(text) : text.includes('"kind"');
}
