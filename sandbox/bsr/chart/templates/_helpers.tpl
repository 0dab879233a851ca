{{- define "bsr.since" -}}
{{- if semverCompare (printf ">=%s" .since) .root.Chart.Version }}true{{ end -}}
{{- end }}

{{- define "bsr.labels" -}}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{ include "bsr.selector" . }}
{{- end }}

{{- define "bsr.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "bsr.image" -}}
image: {{ .root.Values.image.registry }}/bsr/{{ .name }}:{{ .root.Chart.AppVersion }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
{{- end }}

{{- define "bsr.pullSecrets" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}


{{- define "bsr.probes" -}}
readinessProbe:
  httpGet: { path: /ready, port: probes }
  periodSeconds: 1
livenessProbe:
  httpGet: { path: /live, port: probes }
  periodSeconds: 5
  failureThreshold: 6
  timeoutSeconds: 5
{{- end }}

{{/* 1.23.0 brought resource requests. */}}
{{- define "bsr.resources" -}}
{{- $given := .given | default dict -}}
{{- if $given }}
resources: {{ toYaml $given | nindent 2 }}
{{- else if include "bsr.since" (dict "root" .root "since" "1.23.0") }}
resources:
  requests: { cpu: 25m, memory: 32Mi }
{{- end }}
{{- end }}

{{- define "bsr.config" -}}
{
  "host": {{ required "host is required: the host name that this BSR is served under" .Values.host | toJson }},
  "maintenance": {{ .Values.maintenance | toJson }},
  "postgres": {
    "host": {{ required "postgres.host is required" .Values.postgres.host | toJson }},
    "port": {{ .Values.postgres.port | int }},
    "database": {{ required "postgres.database is required" .Values.postgres.database | toJson }},
    "user": {{ required "postgres.user is required" .Values.postgres.user | toJson }},
    "maxConnections": {{ .Values.postgres.maxConnections | int }}
  },
  "storage": {{ .Values.storage | toJson }},
  "redis": {{ .Values.redis | toJson }},
  "auth": {{ .Values.auth | toJson }},
  "observability": {{ .Values.observability | toJson }},
  "notifications": {{ .Values.notifications | toJson }},
  "featureFlags": {{ .Values.featureFlags | toJson }}
}
{{- end }}
