package io.tributary.actors.group;

import java.net.InetAddress;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/**
 * Who asks, as the group machine wants to know it: client id and address become part of a member,
 * the request's version decides between the protocol's dialects.
 */
public record GroupCaller(
    ApiKeys api, short apiVersion, String clientId, int correlationId, Connection connection)
    implements AuthorizableRequestContext {

  /** The connection a request came by. */
  public record Connection(
      String listenerName,
      SecurityProtocol securityProtocol,
      KafkaPrincipal principal,
      InetAddress clientAddress) {}

  @Override
  public String listenerName() {
    return connection.listenerName();
  }

  @Override
  public SecurityProtocol securityProtocol() {
    return connection.securityProtocol();
  }

  @Override
  public KafkaPrincipal principal() {
    return connection.principal();
  }

  @Override
  public InetAddress clientAddress() {
    return connection.clientAddress();
  }

  @Override
  public int requestType() {
    return api.id;
  }

  @Override
  public int requestVersion() {
    return apiVersion;
  }
}
