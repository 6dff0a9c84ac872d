// formats reads YAML from standard input into the type that a platform reads it into itself, and
// objects to everything that has no place there: unknown fields, repeated fields, wrong types. It
// says nothing when all is well. A document may be a fragment, without apiVersion and kind.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	gardener "github.com/gardener/gardener/pkg/apis/core/v1beta1"
	openshift "github.com/openshift/api/config/v1"
	kindyaml "go.yaml.in/yaml/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	kops "k8s.io/kops/pkg/apis/kops/v1alpha2"
	controlplanev1beta1 "sigs.k8s.io/cluster-api/api/controlplane/kubeadm/v1beta1"
	controlplanev1beta2 "sigs.k8s.io/cluster-api/api/controlplane/kubeadm/v1beta2"
	kind "sigs.k8s.io/kind/pkg/apis/config/v1alpha4"
	strictyaml "sigs.k8s.io/yaml"
)

// A format is what a platform calls its documents, and how it reads one.
type format struct {
	apiVersion, kind string
	read             func(document []byte) error
}

var formats = map[string]format{
	"cluster-api-v1beta1": {"controlplane.cluster.x-k8s.io/v1beta1", "KubeadmControlPlane",
		readInto[controlplanev1beta1.KubeadmControlPlane]},
	"cluster-api-v1beta2": {"controlplane.cluster.x-k8s.io/v1beta2", "KubeadmControlPlane",
		readInto[controlplanev1beta2.KubeadmControlPlane]},
	"gardener":  {"core.gardener.cloud/v1beta1", "Shoot", readInto[gardener.Shoot]},
	"kind":      {"kind.x-k8s.io/v1alpha4", "Cluster", readKind},
	"kops":      {"kops.k8s.io/v1alpha2", "Cluster", readInto[kops.Cluster]},
	"openshift": {"config.openshift.io/v1", "Authentication", readInto[openshift.Authentication]},
	"secret":    {"v1", "Secret", readInto[corev1.Secret]},
}

func main() {
	if len(os.Args) != 2 || formats[os.Args[1]].read == nil {
		fmt.Fprintf(os.Stderr, "usage: formats %v < FILE\n", slices.Sorted(maps.Keys(formats)))
		os.Exit(2)
	}
	if err := check(formats[os.Args[1]], os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(expected format, input io.Reader) error {
	documents := yaml.NewYAMLReader(bufio.NewReader(input))
	for count := 0; ; count++ {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) && count > 0 {
			return nil
		}
		if err != nil {
			return err
		}
		if err := checkDocument(expected, document); err != nil {
			return err
		}
	}
}

func checkDocument(expected format, document []byte) error {
	var said metav1.TypeMeta
	if err := strictyaml.Unmarshal(document, &said); err != nil {
		return err
	}
	if said.APIVersion != "" && said.APIVersion != expected.apiVersion {
		return fmt.Errorf("apiVersion %s, not %s", said.APIVersion, expected.apiVersion)
	}
	if said.Kind != "" && said.Kind != expected.kind {
		return fmt.Errorf("kind %s, not %s", said.Kind, expected.kind)
	}
	return expected.read(document)
}

func readInto[T any](document []byte) error {
	return strictyaml.UnmarshalStrict(document, new(T))
}

// As kind's pkg/internal/apis/config/encoding reads it.
func readKind(document []byte) error {
	decoder := kindyaml.NewDecoder(bytes.NewReader(document))
	decoder.KnownFields(true)
	return decoder.Decode(new(kind.Cluster))
}
