# A script that starts minikube, for pods that hold AWS credentials: sh FILE. Paths of key
# files are as seen from where it runs.
#
# For a cluster that does not run yet. For one that runs, name what it uses now with
# --previous-issuer, and go through --stage accept, sign and finish.
#
# Every control-plane node needs, before its API server starts:
#   /var/lib/minikube/certs/sa.key  from keys/sa-signer.key, mode 0600
#   /var/lib/minikube/certs/sa.pub  from keys/sa-signer.pub
#
# minikube start copies what is in the folder "files" of its home to the same path on each
# node. The script puts the files there, and takes them away again: the folder is copied
# into every other cluster of minikube as well, where a sa.key would void every token.
#
# This is the name of the platform's own key. Where /var/lib/minikube/certs/sa.key exists
# already, stop: replacing it would void every token in the cluster.
#
# sts.amazonaws.com is not among the api-audiences, on purpose: with it, the default token
# of every pod would be good at STS, and every token meant for STS would be a credential
# for the Kubernetes API. kube-apiserver issues tokens for any audience that a pod asks
# for, so nothing is missing.
#
# kube-apiserver reads its flags and key files at start only, so it restarts: on one
# control-plane node after the other, each ready again before the next.
#
# minikube start starts all of it with this configuration.
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
# The folder that minikube copies from.
home=${MINIKUBE_HOME:-$HOME}
home=${home%/.minikube}/.minikube
# Another key would void every token of a cluster that is there already.
test ! -e "$home"/profiles/minikube || { echo "minikube delete comes first" >&2; exit 1; }
# In the end the node has the files, and no other cluster is to get them.
trap 'rm -f "$home/files/var/lib/minikube/certs/sa.key" \
  "$home/files/var/lib/minikube/certs/sa.pub"' EXIT
# What is in there goes to the same path on the node.
mkdir -p "$home/files/var/lib/minikube/certs"
# The private key. minikube keeps its mode.
install -m 0600 keys/sa-signer.key \
  "$home/files/var/lib/minikube/certs/sa.key"
# The public key.
install -m 0644 keys/sa-signer.pub \
  "$home/files/var/lib/minikube/certs/sa.pub"
# The arguments of minikube start, one after the other.
set --
# The first issuer goes into every new token. STS compares it byte for byte.
set -- "$@" \
  --extra-config=apiserver.service-account-issuer=https://oidc.acme.dev
# Verifies tokens. A public key in PKIX form ("BEGIN PUBLIC KEY").
set -- "$@" \
  --extra-config=apiserver.service-account-key-file=/var/lib/minikube/certs/sa.pub
# Signs new tokens.
set -- "$@" \
  --extra-config=apiserver.service-account-signing-key-file=/var/lib/minikube/certs/sa.key
# Add whatever else you start it with, also every other --extra-config: those of earlier
# starts are forgotten as soon as one is given.
minikube start "$@"
