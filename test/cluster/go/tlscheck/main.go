// tlscheck connects to a TLS server as the API server connects to a webhook: it trusts only the
// given authorities and expects the given name. It says ok, or what crypto/tls objects to.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: tlscheck AUTHORITIES.pem SERVER-NAME HOST:PORT")
		os.Exit(2)
	}
	if err := check(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ok")
}

func check(authorities, name, address string) error {
	pem, err := os.ReadFile(authorities)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return errors.New("no certificate in " + authorities)
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	connection, err := tls.DialWithDialer(dialer, "tcp", address, &tls.Config{
		RootCAs:    roots,
		ServerName: name,
	})
	if err != nil {
		return err
	}
	return connection.Close()
}
