# A script that starts minikube, for pods that hold AWS credentials: sh FILE. Paths of key
# files are as seen from where it runs.
#
# Stage 2 of 3, sign: new tokens are signed the new way, and those from before are
# accepted. Go on with --stage finish after 24 hours, when pods have renewed their tokens,
# and keep the previous IAM provider until then.
#
# The cluster goes on signing with the key that it has, so its key files stay as they are,
# and no private key leaves the control plane.
#
# WARNING: minikube holds one issuer at a time here: from the restart on, tokens of
# https://kubernetes.default.svc.cluster.local are refused, and whatever runs in the
# cluster gets 401 until kubelet has renewed them, 48 minutes at most; restarting the pods
# of kube-system and every controller at once makes it shorter. Plan a maintenance window,
# and restart all API servers in it.
#
# sts.amazonaws.com is not among the api-audiences, on purpose: with it, the default token
# of every pod would be good at STS, and every token meant for STS would be a credential
# for the Kubernetes API. kube-apiserver issues tokens for any audience that a pod asks
# for, so nothing is missing.
#
# kube-apiserver reads its flags and key files at start only, so it restarts: on one
# control-plane node after the other, each ready again before the next.
#
# minikube start restarts the control plane of a cluster that runs when its configuration
# differs.
#
# To see that it took effect, ask each API server. The first answer names the issuer
# https://oidc.acme.dev, the second holds every key that is to verify:
#   kubectl get --raw /.well-known/openid-configuration
#   kubectl get --raw /openid/v1/jwks
#   minikube kubectl -- -n kube-system get pods -l component=kube-apiserver -o yaml
#
# NOT POSSIBLE: minikube cannot hold a flag twice, so it accepts one issuer, and all keys
# to verify with stand in one file. Where no token may be refused while the issuer changes,
# make another cluster beside it (minikube start -p NAME) and move what runs there; where
# nothing in it matters, minikube delete comes first, and nothing is left.
#
# Stops at the first thing that fails.
set -eu
# The arguments of minikube start, one after the other.
set --
# The first issuer goes into every new token. STS compares it byte for byte.
set -- "$@" \
  --extra-config=apiserver.service-account-issuer=https://oidc.acme.dev
# What tokens for the Kubernetes API are made for as long as api-audiences is not set: the
# issuers. Written down, so that it does not change with them. Where it is set now, pass
# its values with --api-audience instead.
set -- "$@" \
  --extra-config=apiserver.api-audiences=https://kubernetes.default.svc.cluster.local
# Add whatever else you start it with, also every other --extra-config: those of earlier
# starts are forgotten as soon as one is given.
minikube start "$@"
