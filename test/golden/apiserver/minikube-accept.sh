# A script that starts minikube, for pods that hold AWS credentials: sh FILE. Paths of key
# files are as seen from where it runs.
#
# Stage 1 of 3, accept: what is new is accepted, and nothing signs with it. Go on with
# --stage sign when every API server has restarted, and an hour later at the earliest,
# because key sets are cached for that long.
#
# WARNING: minikube holds one issuer at a time here, so the new one cannot be accepted
# beforehand: this stage leaves the issuer as it is.
#
# Every control-plane node needs, before its API server starts:
#   /var/lib/minikube/certs/irsa/sa-signer.pub  from keys/sa-signer.pub
#
# minikube start copies what is in the folder "files" of its home to the same path on each
# node. The script puts the files there, and takes them away again: the folder is copied
# into every other cluster of minikube as well, where a sa.key would void every token.
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
# https://kubernetes.default.svc.cluster.local, the second holds every key that is to
# verify:
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
# The folder that minikube copies from.
home=${MINIKUBE_HOME:-$HOME}
home=${home%/.minikube}/.minikube
# In the end the node has the files, and no other cluster is to get them.
trap 'rm -f "$home/files/var/lib/minikube/certs/irsa/sa-signer.pub" \
  "$home/files/var/lib/minikube/certs/irsa/all-keys.pub"' EXIT
# What is in there goes to the same path on the node.
mkdir -p "$home/files/var/lib/minikube/certs/irsa"
# The public key.
install -m 0644 keys/sa-signer.pub \
  "$home/files/var/lib/minikube/certs/irsa/sa-signer.pub"
# And the one from before, from the node itself, which has to run for that: minikube start,
# if it does not.
key=$(minikube ssh -- sudo cat /var/lib/minikube/certs/sa.pub)
printf '%s\n' "$key" | tr -d '\r' > \
  "$home/files/var/lib/minikube/certs/irsa/all-keys.pub"
# Into the file with all keys to verify with: this one.
key=$(cat keys/sa-signer.pub)
printf '%s\n' "$key" | tr -d '\r' >> \
  "$home/files/var/lib/minikube/certs/irsa/all-keys.pub"
# The arguments of minikube start, one after the other.
set --
# Stays first in this stage: it goes into every new token.
set -- "$@" \
  --extra-config=apiserver.service-account-issuer=https://kubernetes.default.svc.cluster.local
# Verifies tokens, with all of these in it: /var/lib/minikube/certs/sa.pub,
# /var/lib/minikube/certs/irsa/sa-signer.pub.
set -- "$@" \
  --extra-config=apiserver.service-account-key-file=/var/lib/minikube/certs/irsa/all-keys.pub
# Goes on signing new tokens: the key that the cluster has, not a new one.
set -- "$@" \
  --extra-config=apiserver.service-account-signing-key-file=/var/lib/minikube/certs/sa.key
# What tokens for the Kubernetes API are made for as long as api-audiences is not set: the
# issuers. Written down, so that it does not change with them. Where it is set now, pass
# its values with --api-audience instead.
set -- "$@" \
  --extra-config=apiserver.api-audiences=https://kubernetes.default.svc.cluster.local
# Add whatever else you start it with, also every other --extra-config: those of earlier
# starts are forgotten as soon as one is given.
minikube start "$@"
