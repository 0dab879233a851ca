/**
 * What is used of the Kubernetes client. In the package it is one file with that much of the client (tools/bundle): the whole
 * of it has a thousand modules, and loading them took most of a step's start.
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
