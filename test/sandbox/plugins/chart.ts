/** A chart small enough to read here, whose values say what goes wrong with it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const configMap = `{{ if .Values.refuse }}{{ fail "refused by the chart" }}{{ end }}
apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data: {values: {{ .Values | toJson | quote }}, chart: {{ .Chart.Version | quote }}}
`;

/** The API server refuses such a port, but only when the object is applied. */
const wrong = `{{ if .Values.wrong }}
apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}"}
spec: {ports: [{port: 99999}]}
{{ end }}
`;

const never = `{{ if .Values.never }}
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}"}
spec:
  selector: {matchLabels: {app: never}}
  template:
    metadata: {labels: {app: never}}
    spec: {containers: [{name: never, image: "127.0.0.1:1/never:1", imagePullPolicy: Never}]}
{{ end }}
`;

/** Writes the chart in a version; the folder stays the same. */
export function writeChart(folder: string, version: string): void {
  mkdirSync(join(folder, "templates"), { recursive: true });
  const chart = { apiVersion: "v2", name: "tiny", version, appVersion: `app-${version}` };
  writeFileSync(join(folder, "Chart.yaml"), JSON.stringify(chart));
  writeFileSync(join(folder, "values.yaml"), "fromChart: true\n");
  writeFileSync(join(folder, "templates", "config-map.yaml"), configMap);
  writeFileSync(join(folder, "templates", "wrong.yaml"), wrong);
  writeFileSync(join(folder, "templates", "never.yaml"), never);
}
