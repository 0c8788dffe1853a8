package main

import (
	"net"
	"net/url"

	"melek/handlers"
)

// officeSettings name the identity provider of an office that has one, by OpenID Connect.
type officeSettings struct {
	Issuer       string `name:"oidc-issuer" env:"MELEK_OIDC_ISSUER" placeholder:"URL"`
	ClientID     string `name:"oidc-client-id" env:"MELEK_OIDC_CLIENT_ID" placeholder:"ID"`
	ClientSecret string `name:"oidc-client-secret" env:"MELEK_OIDC_CLIENT_SECRET" placeholder:"SECRET"`
}

// read checks that whatever vouches for people cannot be listened to on its way.
func (s officeSettings) read() (handlers.Federation, error) {
	if s.Issuer == "" {
		return handlers.Federation{}, nil
	}
	u, err := url.Parse(s.Issuer)
	if err != nil || u.Host == "" || (u.Scheme != "https" && !(u.Scheme == "http" && isLocal(u.Hostname()))) {
		return handlers.Federation{}, wrong("MELEK_OIDC_ISSUER (--oidc-issuer)", s.Issuer,
			"an address that begins with https://")
	}
	if s.ClientID == "" {
		return handlers.Federation{}, wrong("MELEK_OIDC_CLIENT_ID (--oidc-client-id)", s.ClientID,
			"the id that the identity provider gave Melek")
	}
	return handlers.Federation{Issuer: s.Issuer, ClientID: s.ClientID, ClientSecret: s.ClientSecret}, nil
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
