{{/* Name of all objects: that of the release, with that of the chart unless it has it already. */}}
{{- define "flarepath.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "flarepath.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "flarepath.labels" -}}
{{ include "flarepath.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "flarepath.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "flarepath.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "flarepath.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* Port of `listen`. */}}
{{- define "flarepath.port" -}}
{{- .Values.config.listen | splitList ":" | last -}}
{{- end -}}

{{/* Fails where several servers would not show the same. */}}
{{- define "flarepath.checkReplicas" -}}
{{- if gt (int .Values.replicas) 1 -}}
{{- if not .Values.config.stores -}}
{{- fail "replicas: several servers with embedded stores do not share profiles; configure config.stores" -}}
{{- end -}}
{{- range $name, $store := .Values.config.stores -}}
{{- if eq (toString $store.kind) "embedded" -}}
{{- fail (printf "replicas: several servers with embedded stores do not share profiles; config.stores.%s is one" $name) -}}
{{- end -}}
{{- end -}}
{{- if not .Values.records.existingSecret -}}
{{- fail "replicas: several servers need their records in PostgreSQL; set records.existingSecret" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
flarepath.toml. Not by toToml: numbers of values are floating-point, and it writes 8192 as 8192.0, which is not an integer in TOML.
Keys without a section come first; below a section, maps are inline tables. Empty sections are left out.
*/}}
{{- define "flarepath.toml" -}}
{{- if .Values.admin.existingSecret -}}
admin_password_file = {{ printf "/run/secrets/admin/%s" .Values.admin.key | toJson }}
{{ end -}}
{{- range $key, $value := .Values.config -}}
{{- if not (or (kindIs "map" $value) (kindIs "invalid" $value)) -}}
{{ include "flarepath.tomlKey" $key }} = {{ include "flarepath.tomlValue" $value }}
{{ end -}}
{{- end -}}
{{- range $section, $keys := .Values.config -}}
{{- if and (kindIs "map" $keys) $keys }}
[{{ include "flarepath.tomlKey" $section }}]
{{ range $key, $value := $keys -}}
{{- if not (kindIs "invalid" $value) -}}
{{ include "flarepath.tomlKey" $key }} = {{ include "flarepath.tomlValue" $value }}
{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "flarepath.tomlKey" -}}
{{- if regexMatch "^[A-Za-z0-9_-]+$" . }}{{ . }}{{ else }}{{ toJson . }}{{ end -}}
{{- end -}}

{{/* Strings of JSON are strings of TOML. */}}
{{- define "flarepath.tomlValue" -}}
{{- $value := . -}}
{{- if kindIs "map" $value -}}
{{- $entries := list -}}
{{- range $key := keys $value | sortAlpha -}}
{{- $entry := printf "%s = %s" (include "flarepath.tomlKey" $key) (include "flarepath.tomlValue" (get $value $key)) -}}
{{- $entries = append $entries $entry -}}
{{- end -}}
{{- printf "{ %s }" (join ", " $entries) -}}
{{- else if kindIs "slice" $value -}}
{{- $items := list -}}
{{- range $item := $value -}}
{{- $items = append $items (include "flarepath.tomlValue" $item) -}}
{{- end -}}
{{- printf "[%s]" (join ", " $items) -}}
{{- else if kindIs "string" $value -}}
{{- toJson $value -}}
{{- else if kindIs "float64" $value -}}
{{- if eq $value (floor $value) }}{{ int64 $value }}{{ else }}{{ $value }}{{ end -}}
{{- else -}}
{{- $value -}}
{{- end -}}
{{- end -}}
