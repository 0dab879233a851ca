/**
 * The parts of the Kubernetes client that are used. In the package this file is a bundle of just these parts
 * (tools/bundle): the whole client has a thousand modules, and loading them took most of a step's start.
 */
export {
  ApiException,
  AppsV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoordinationV1Api,
  CoreV1Api,
  createConfiguration,
  IsomorphicFetchHttpLibrary,
  KubeConfig,
  loadYaml,
  ResponseContext,
  ServerConfiguration,
  V1MicroTime,
  wrapHttpLibrary,
} from "@kubernetes/client-node";
export type * from "@kubernetes/client-node";
