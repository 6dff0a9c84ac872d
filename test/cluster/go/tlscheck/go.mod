module irsa.test/tlscheck

go 1.26.0
