// For the definitions of custom resources beside the Go files; nothing is built of them.
module irsa.test/crds

go 1.26.0

require (
	github.com/cert-manager/cert-manager v1.21.2
	github.com/openshift/api v0.0.0-20260511191110-9b69e5fa27e9
	sigs.k8s.io/cluster-api v1.14.2
)
