module github.com/warren-p2p/warren/clients/go

go 1.26.0
