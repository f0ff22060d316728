package baseurl

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

var (
	errUser = errors.New("base URL has a user name or a password in it, want the key in its own place")
	errHost = errors.New("base URL has no valid host")
	errPort = errors.New("base URL has a port outside 1 to 65535")
)

// readAuthority returns host and port, without a port that is the scheme's own.
func readAuthority(scheme, authority string) (host string, notes []string, err error) {
	if strings.ContainsRune(authority, '@') {
		return "", nil, errUser
	}
	name, port, err := cutPort(authority)
	if err != nil {
		return "", nil, err
	}
	host, international, err := readHost(name)
	if err != nil {
		return "", nil, err
	}
	if international {
		notes = []string{"the host is written " + host + " in ASCII"}
	}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return "", nil, errPort
		}
		if scheme == "http" && n != 80 || scheme == "https" && n != 443 {
			host += ":" + strconv.FormatUint(n, 10)
		}
	}
	return host, notes, nil
}

// cutPort splits an authority without user information. A port is at least one digit.
func cutPort(authority string) (name, port string, err error) {
	if strings.HasPrefix(authority, "[") {
		end := strings.IndexByte(authority, ']')
		if end < 0 {
			return "", "", errors.New("base URL has an IPv6 address without its closing bracket")
		}
		name, authority = authority[:end+1], authority[end+1:]
		if authority == "" {
			return name, "", nil
		}
	} else {
		if strings.Count(authority, ":") > 1 {
			return "", "", errors.New("base URL has more than one colon in its host, want an IPv6 address in brackets: [::1]")
		}
		var found bool
		if name, authority, found = strings.Cut(authority, ":"); !found {
			return name, "", nil
		}
		authority = ":" + authority
	}
	port, ok := strings.CutPrefix(authority, ":")
	if !ok {
		return "", "", errHost
	}
	if port == "" || strings.Trim(port, "0123456789") != "" {
		return "", "", errors.New("base URL has a port that is no number")
	}
	return name, port, nil
}

// readHost returns a host as the URL Standard's parser writes it, and whether it had to be encoded for that.
func readHost(name string) (host string, international bool, err error) {
	switch {
	case name == "":
		return "", false, errors.New("base URL has no host")
	case strings.HasPrefix(name, "["):
		host, err = readIPv6(name[1 : len(name)-1])
		return host, false, err
	case strings.ContainsRune(name, '%'):
		return "", false, errors.New("base URL has a percent escape in its host, want the plain name")
	case strings.ContainsRune(name, ' '):
		return "", false, errors.New("base URL has white space in its host")
	}
	// One dot at the end is the DNS's own way to say that a name is complete.
	labels := strings.Split(strings.TrimSuffix(name, "."), ".")
	for i, label := range labels {
		encoded, err := readLabel(label)
		if err != nil {
			return "", false, err
		}
		international = international || encoded != strings.ToLower(label)
		labels[i] = encoded
	}
	host = strings.Join(labels, ".")
	if len(host) > 253 {
		return "", false, errors.New("base URL has a host of more than 253 characters")
	}
	if endsInNumber(labels[len(labels)-1]) {
		// Browsers also read 127.1, 0x7f000001 and 017700000001, as the same address.
		address, err := netip.ParseAddr(name)
		if err != nil || !address.Is4() {
			return "", false, errors.New("base URL has a host that ends in a number, want a name or four numbers from 0 to 255")
		}
		return address.String(), false, nil
	}
	if strings.HasSuffix(name, ".") {
		host += "."
	}
	return host, international, nil
}

// endsInNumber is the URL Standard's test, by its last label, of whether a host can only be an IPv4 address.
func endsInNumber(label string) bool {
	if strings.Trim(label, "0123456789") == "" {
		return true
	}
	digits, ok := strings.CutPrefix(label, "0x")
	for i := range len(digits) {
		ok = ok && isHex(digits[i])
	}
	return ok
}

// readIPv6 returns an address in brackets, in hexadecimal throughout: package netip ends some in dotted decimals.
func readIPv6(text string) (string, error) {
	if strings.ContainsRune(text, '%') {
		return "", errors.New("base URL has an IPv6 zone (%…), which browsers do not take, want the address alone")
	}
	address, err := netip.ParseAddr(text)
	if err != nil || !address.Is6() {
		return "", errors.New("base URL has no valid IPv6 address in its brackets")
	}
	if !address.Is4In6() {
		return "[" + address.String() + "]", nil
	}
	b := address.As16()
	high, low := uint64(b[12])<<8|uint64(b[13]), uint64(b[14])<<8|uint64(b[15])
	return "[::ffff:" + strconv.FormatUint(high, 16) + ":" + strconv.FormatUint(low, 16) + "]", nil
}

// isLocal reports whether a host, as readHost writes it, is on this machine or in its network, as far as its spelling
// tells. No certificate can be expected there.
func isLocal(host string) bool {
	if address, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		address = address.Unmap()
		shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10) // RFC 6598
		own := netip.PrefixFrom(netip.AddrFrom4([4]byte{}), 8)            // RFC 1122: this network
		return address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast() || address.IsUnspecified() ||
			shared.Contains(address) || own.Contains(address)
	}
	host = strings.TrimSuffix(host, ".")
	if !strings.ContainsRune(host, '.') {
		return true // a name of the network one is in
	}
	for _, end := range []string{".localhost", ".local", ".internal", ".home.arpa"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}
