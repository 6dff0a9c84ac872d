// talos reads a JSON list of configuration patches from standard input, applies one after the other to
// the configuration that Talos generates for a control-plane node of a new cluster, and validates the
// result, as talosctl does with its strictest settings. It prints the result, or what is wrong with it.
//
// An argument such as v1.13 makes the cluster one that was set up with that version of Talos.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
	"github.com/siderolabs/talos/pkg/machinery/constants"
)

func main() {
	result, err := patched(os.Stdin, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Stdout.Write(result)
}

func patched(input io.Reader, setUpWith []string) ([]byte, error) {
	var texts []string
	if err := json.NewDecoder(input).Decode(&texts); err != nil {
		return nil, err
	}
	patches, err := configpatcher.LoadPatches(texts)
	if err != nil {
		return nil, err
	}
	node, err := controlPlane(setUpWith)
	if err != nil {
		return nil, err
	}
	output, err := configpatcher.Apply(configpatcher.WithConfig(node), patches)
	if err != nil {
		return nil, err
	}
	result, err := output.Config()
	if err != nil {
		return nil, err
	}
	if _, err := result.Validate(metal{}, validation.WithLocal(), validation.WithStrict()); err != nil {
		return nil, err
	}
	return result.Bytes()
}

func controlPlane(setUpWith []string) (config.Provider, error) {
	options := []generate.Option{generate.WithInstallDisk("/dev/sda")}
	for _, version := range setUpWith {
		contract, err := config.ParseContractFromVersion(version)
		if err != nil {
			return nil, err
		}
		options = append(options, generate.WithVersionContract(contract))
	}
	const endpoint = "https://cluster.example:6443"
	input, err := generate.NewInput("test", endpoint, constants.DefaultKubernetesVersion, options...)
	if err != nil {
		return nil, err
	}
	return input.Config(machine.TypeControlPlane)
}

// metal is a machine that Talos is installed on.
type metal struct{}

func (metal) String() string        { return "metal" }
func (metal) RequiresInstall() bool { return true }
func (metal) InContainer() bool     { return false }
