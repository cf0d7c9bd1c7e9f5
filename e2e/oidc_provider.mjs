// An identity provider, the npm package `oidc-provider`. It accepts any password; groups are given by user.
// (It warns on Node 20, where the part used here works.)
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const CLIENT = { id: "flarepath", secret: "only for journeys" };

/** A provider: `issuer`, settings of the server as `env`, `rotateKeys()`, `stop()`. `groups` maps user names to groups. */
export async function startProvider(groups) {
  let answer;
  const server = createServer((request, response) => answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const begin = () => {
    answer = new Provider(issuer, settings(groups)).callback();
  };
  begin();
  return {
    issuer,
    env: (secretFile) => ({
      FLAREPATH_OIDC__ISSUER: issuer,
      FLAREPATH_OIDC__CLIENT_ID: CLIENT.id,
      FLAREPATH_OIDC__CLIENT_SECRET_FILE: secretFile,
      FLAREPATH_OIDC__NAME: "Example ID",
    }),
    secret: CLIENT.secret,
    /** Replaces the signing key and ends all sessions. */
    rotateKeys: begin,
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function settings(groups) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        // Native clients may use any port on loopback (RFC 8252, section 7.3).
        application_type: "native",
        redirect_uris: ["http://127.0.0.1/api/v1/oidc/callback"],
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: [randomUUID()] },
    pkce: { required: () => true },
    claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups"], email: ["email", "email_verified"] },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        name: `${id} at Example`,
        preferred_username: id,
        email: `${id}@people.example`,
        email_verified: true,
        groups: groups[id] ?? [],
      }),
    }),
  };
}
