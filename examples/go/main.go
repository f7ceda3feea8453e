// Asks Twilio who is online. It knows of no fake:
//
//	reachability-mock run --proxy --scenario presence.yaml -- go run . alice bob
//
// Go takes HTTPS_PROXY everywhere and SSL_CERT_FILE on Linux; on macOS and Windows add ca.pem to the
// pool of the client that the tests use.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
)

type user struct {
	IsOnline *bool `json:"is_online"` // nil means that nobody knows
}

func fetch(identity string) (user, error) {
	var found user
	url := "https://conversations.twilio.com/v1/Users/" + identity
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return found, err
	}
	request.SetBasicAuth(os.Getenv("TWILIO_ACCOUNT_SID"), os.Getenv("TWILIO_AUTH_TOKEN"))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return found, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return found, fmt.Errorf("%s: %s", identity, answer.Status)
	}
	return found, json.NewDecoder(answer.Body).Decode(&found)
}

func main() {
	if len(os.Args) == 1 {
		fmt.Fprintln(os.Stderr, "usage: go run . IDENTITY...")
		os.Exit(2)
	}
	for _, identity := range os.Args[1:] {
		found, err := fetch(identity)
		if err != nil {
			log.Fatal(err)
		}
		switch {
		case found.IsOnline == nil:
			fmt.Println(identity, "unknown")
		default:
			fmt.Println(identity, *found.IsOnline)
		}
	}
}
