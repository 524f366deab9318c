// Takes a session through its whole life, and prints one JSON object with the result of each step.
//
//   node life.js [package]
//
// The package is the name of a vendor's client in package.json, or the folder of a clone of talon-one-ts-sdk. Without a package, fetch
// sends the requests, and the results are the bodies that the server sent. TALONONE_URL and TALONONE_API_KEY are the URL and the key
// of the server.

const { TALONONE_URL: url, TALONONE_API_KEY: key } = process.env;

// The client that uses fetch. Each client has the same four operations, which return an answer or an error.
const plain = {
  key,
  idempotencyKey: undefined,

  async send(method, id, path, body) {
    const headers = { Authorization: `ApiKey-v1 ${this.key}`, "Content-Type": "application/json" };
    if (this.idempotencyKey) headers["Idempotency-Key"] = this.idempotencyKey;
    const response = await fetch(`${url}/v2/customer_sessions/${encodeURIComponent(id)}${path}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    const data = await response.json();
    if (!response.ok) return { status: response.status, error: data };
    return answer(data, response.headers.get("idempotent-replayed"));
  },
  update(id, customerSession, { dry } = {}) {
    return this.send("PUT", id, dry ? "?dry=true" : "", { customerSession, responseContent: ["customerSession"] });
  },
  read(id) {
    return this.send("GET", id, "");
  },
  reopen(id) {
    return this.send("PUT", id, "/reopen");
  },
  returnItems(id, request) {
    return this.send("POST", id, "/returns", request);
  },
};

const answer = (data, replayed) => ({ answer: data, ...(replayed && { replayed }) });

// The vendor's client, used as in its README.
function vendor(name) {
  const talon = require(name);
  if (!talon.ApiClient) return typescriptVendor(talon);
  const client = talon.ApiClient.instance;
  client.basePath = url;
  const auth = client.authentications.api_key_v1;
  auth.apiKeyPrefix = "ApiKey-v1";
  auth.apiKey = key;
  const api = new talon.IntegrationApi();

  // The client returns the props of effects unparsed, but has a class for each type.
  const readProps = (data) => {
    for (const effect of data.effects) {
      const props = talon[effect.effectType[0].toUpperCase() + effect.effectType.slice(1) + "EffectProps"];
      if (props) effect.props = props.constructFromObject(effect.props);
    }
    return data;
  };
  const result = (promise) =>
    promise.then(
      ({ data, response }) => answer(readProps(data), response.header["idempotent-replayed"]),
      (failure) => {
        if (!failure.status) throw failure;
        return { status: failure.status, error: failure.body };
      },
    );

  const found = {
    set key(value) {
      auth.apiKey = value;
    },
    set idempotencyKey(value) {
      if (value) client.defaultHeaders["Idempotency-Key"] = value;
      else delete client.defaultHeaders["Idempotency-Key"];
    },
    update(id, customerSession, options) {
      const request = new talon.IntegrationRequest(talon.NewCustomerSessionV2.constructFromObject(customerSession));
      request.responseContent = [talon.IntegrationRequest.ResponseContentEnum.customerSession];
      return result(api.updateCustomerSessionV2WithHttpInfo(id, request, options));
    },
  };
  if (api.getCustomerSession) found.read = (id) => result(api.getCustomerSessionWithHttpInfo(id));
  if (api.reopenCustomerSession) found.reopen = (id) => result(api.reopenCustomerSessionWithHttpInfo(id));
  if (api.returnCartItems) {
    found.returnItems = (id, request) =>
      result(api.returnCartItemsWithHttpInfo(id, talon.ReturnIntegrationRequest.constructFromObject(request)));
  }
  return found;
}

// The vendor's newer client, talon-one-ts-sdk, which is written in TypeScript.
function typescriptVendor(talon) {
  const settings = { key, idempotencyKey: undefined };
  const api = new talon.IntegrationApi(new talon.Configuration({
    basePath: url,
    apiKey: (name) => (name === "Authorization" ? `ApiKey-v1 ${settings.key}` : ""),
  }));
  const headers = ({ init }) =>
    Promise.resolve({ headers: { ...init.headers, ...(settings.idempotencyKey && { "Idempotency-Key": settings.idempotencyKey }) } });

  const readProps = (data) => {
    for (const effect of data.effects) {
      const type = effect.effectType[0].toUpperCase() + effect.effectType.slice(1);
      effect.props = talon[`${type}EffectPropsFromJSON`](effect.props);
    }
    const { _return: returned, ...rest } = data; // "return" is a keyword
    return { ...rest, ...(returned && { return: returned }) };
  };
  const result = (promise) =>
    promise.then(
      async (response) => answer(readProps(await response.value()), response.raw.headers.get("idempotent-replayed")),
      async (failure) => {
        if (!failure.response) throw failure;
        return { status: failure.response.status, error: await failure.response.json() };
      },
    );
  return Object.assign(settings, {
    update: (customerSessionId, customerSession, { dry } = {}) =>
      result(api.updateCustomerSessionV2Raw(
        { customerSessionId, integrationRequest: { customerSession, responseContent: ["customerSession"] }, dry }, headers)),
    read: (customerSessionId) => result(api.getCustomerSessionRaw({ customerSessionId })),
    reopen: (customerSessionId) => result(api.reopenCustomerSessionRaw({ customerSessionId })),
    returnItems: (customerSessionId, request) => {
      const { return: _return, ...rest } = request;
      return result(api.returnCartItemsRaw({ customerSessionId, returnIntegrationRequest: { _return, ...rest } }));
    },
  });
}

const id = "order 1001/ä&+%"; // must be escaped in a path
const returned = (quantity) => ({
  return: { returnedCartItems: [{ position: 0, quantity }] },
  responseContent: ["customerSession", "previousReturns"],
});
const badItems = [{ sku: "SHOE", quantity: 1, price: 1 }, { sku: "LACE", quantity: 0, price: 1 }];

// Each step has a name, an operation and its arguments. It can also have settings of the client, which apply only to this step.
const steps = [
  ["create", "update", [id, {
    profileId: "anna",
    cartItems: [
      { sku: "SHOE", quantity: 2, price: 49.95, category: "shoes", weight: 0.75, attributes: { size: 42, color: "röd" } },
      { sku: "LACE", quantity: 1, price: 4.1 },
    ],
    additionalCosts: { shipping: { price: 5.9 } },
    couponCodes: ["TEN", "NOPE", "OLD"],
    attributes: { channel: "app", scores: [1, 0.5], gift: false },
  }]],
  ["update", "update", [id, { couponCodes: ["TEN"], additionalCosts: { shipping: { price: 7.3 } } }]],
  ["dry run", "update", [id, { cartItems: [{ sku: "SHOE", quantity: 3, price: 49.95 }] }, { dry: true }]],
  ["read", "read", [id]],
  ["bad item", "update", [id, { cartItems: badItems }]],
  ["wrong key", "update", [id, {}], { key: `${key}x` }],
  ["unknown session", "read", ["nobody"]],
  ["close", "update", [id, { state: "closed" }]],
  ["update when closed", "update", [id, { couponCodes: [] }]],
  ["reopen", "reopen", [id]],
  ["close with a key", "update", [id, { state: "closed" }], { idempotencyKey: "a2c4" }],
  ["repeat with the key", "update", [id, { state: "closed" }], { idempotencyKey: "a2c4" }],
  ["return", "returnItems", [id, returned(1)]],
  ["return too much", "returnItems", [id, returned(2)]],
  ["read after the return", "read", [id]],
  ["cancel", "update", [id, { state: "cancelled" }]],
  ["update when cancelled", "update", [id, { state: "open" }]],
  ["large amounts", "update", ["order-1002", {
    cartItems: [{ sku: "CAR", quantity: 3, price: 1234567.89 }],
    additionalCosts: { shipping: { price: 0.1 }, packing: { price: 0.2 } },
  }]],
  ["costs of items", "update", ["order-1003", {
    cartItems: [{ sku: "LACE", quantity: 2, price: 4.1, additionalCosts: { engraving: { price: 1.25 } } }],
  }]],
];

async function main(name) {
  const client = name ? vendor(name) : plain;
  const results = {};
  for (const [step, operation, args, settings = {}] of steps) {
    // If the client has no method for a step, fetch sends the request, so that the session has the right state for the next step.
    const by = client[operation] ? client : plain;
    Object.assign(by, { key, idempotencyKey: undefined, ...settings });
    const result = await by[operation](...args);
    if (by === client) results[step] = result;
  }
  process.stdout.write(JSON.stringify(results));
}

main(process.argv[2]).catch((failure) => {
  console.error(failure);
  process.exitCode = 1;
});
