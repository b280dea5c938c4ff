{{- define "quoin.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* The release's name, once: "quoin" for release quoin, "<release>-quoin" for any other. */ -}}
{{- define "quoin.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "quoin.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "quoin.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "quoin.selectorLabels" -}}
app.kubernetes.io/name: {{ include "quoin.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "quoin.labels" -}}
{{ include "quoin.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "quoin.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- /* An empty variable is an absent one; so the ConfigMap holds only what is set. */ -}}
{{- define "quoin.configData" -}}
{{- range $name, $value := .Values.config }}
{{- if ne $value "" }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "quoin.secretData" -}}
{{- range $name, $value := . }}
{{- if ne $value "" }}
{{ $name }}: {{ $value | b64enc | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "quoin.secretName" -}}
{{- ternary (include "quoin.fullname" .) .Values.secret.existing .Values.secret.create -}}
{{- end -}}

{{- define "quoin.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "quoin.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- /* The whole drain in milliseconds -> seconds until SIGKILL: 5 s more, so that a process always ends by itself. */ -}}
{{- define "quoin.terminationGraceSeconds" -}}
{{- add (div (add (int .) 999) 1000) 5 -}}
{{- end -}}

{{- /* Spread over nodes where there are several; a single node is no reason not to start. */ -}}
{{- define "quoin.spread" -}}
- maxSkew: 1
  topologyKey: kubernetes.io/hostname
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "quoin.selectorLabels" .root | nindent 6 }}
      app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- /* One egress rule of a NetworkPolicy. */ -}}
{{- define "quoin.egressRule" -}}
- ports:
    {{- range .rule.ports }}
    - port: {{ . }}
      protocol: TCP
    {{- if $.udp }}
    - port: {{ . }}
      protocol: UDP
    {{- end }}
    {{- end }}
  {{- with .rule.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- /* Certificates of your own authority: Node trusts them beside the public ones. */ -}}
{{- define "quoin.trustedCaEnv" -}}
{{- if .Values.trustedCa.configMap }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/quoin/trusted-ca/{{ .Values.trustedCa.key }}
{{- end }}
{{- end -}}

{{- define "quoin.trustedCaMount" -}}
{{- if .Values.trustedCa.configMap }}
- name: trusted-ca
  mountPath: /etc/quoin/trusted-ca
  readOnly: true
{{- end }}
{{- end -}}

{{- define "quoin.trustedCaVolume" -}}
{{- if .Values.trustedCa.configMap }}
- name: trusted-ca
  configMap:
    name: {{ .Values.trustedCa.configMap }}
{{- end }}
{{- end -}}
