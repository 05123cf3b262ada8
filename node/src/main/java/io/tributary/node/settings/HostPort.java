package io.tributary.node.settings;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An address as {@code host:port}; an IPv6 host stands in brackets.
 *
 * @param port 0 to 65535; 0 takes a free one where a server listens
 */
public record HostPort(String host, int port) {
  public HostPort {
    if (host.isBlank() || port < 0 || port > 65_535) {
      throw new IllegalArgumentException("an address is HOST:PORT with a port of 0 to 65535");
    }
  }

  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("an address is HOST:PORT");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("an address is HOST:PORT with a port of 0 to 65535", e);
    }
  }

  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(host, port);
  }

  public HostPort withPort(int newPort) {
    return new HostPort(host, newPort);
  }

  /** Whether only this machine can reach it. */
  public boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
