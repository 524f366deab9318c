"""Takes a session through its whole life with talon-one-python-sdk, and prints one JSON object with the result of each step.

The steps are those of ../javascript/life.js. TALONONE_URL and TALONONE_API_KEY are the URL and the key of the server. The client is in
the folder in PYTHONPATH.
"""

import json
import os

import talon_one
from talon_one import AdditionalCost, CartItem, NewCustomerSessionV2
from talon_one.rest import ApiException

ID = "order 1001/ä&+%"  # must be escaped in a path

key = os.environ["TALONONE_API_KEY"]
configuration = talon_one.Configuration(
    host=os.environ["TALONONE_URL"], api_key_prefix={"api_key_v1": "ApiKey-v1"}, api_key={"api_key_v1": key}
)
client = talon_one.ApiClient(configuration)
api = talon_one.IntegrationApi(client)
results = {}


def read_props(effect):
    """Reads the props with the class for the effect's type, as in the client's README."""
    model = getattr(talon_one, effect.effect_type[0].upper() + effect.effect_type[1:] + "EffectProps")
    effect.props = dump(client.deserialize_model(effect.props, model))


def dump(model):
    # to_dict omits the members that only the server sets.
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


def add(step, call, *args, **kwargs):
    """Adds the result of a step."""
    try:
        response = call(*args, **kwargs)
    except ApiException as failure:
        results[step] = {"status": failure.status, "error": json.loads(failure.body)}
        return
    except ValueError as failure:  # from pydantic: the client did not send the request, or cannot read the answer
        results[step] = {"refused": str(failure).splitlines()[0]}
        return
    for effect in response.data.effects:
        read_props(effect)
    results[step] = {"answer": dump(response.data)}
    replayed = response.headers.get("Idempotent-Replayed")
    if replayed:
        results[step]["replayed"] = replayed


def update(step, session, id=ID, **kwargs):
    def call():
        request = talon_one.IntegrationRequest(customer_session=session(), response_content=["customerSession"])
        return api.update_customer_session_v2_with_http_info(id, request, **kwargs)

    add(step, call)


def read(step, id):
    add(step, api.get_customer_session_with_http_info, id)


def return_units(step, quantity):
    request = talon_one.ReturnIntegrationRequest.from_dict(
        {
            "return": {"returnedCartItems": [{"position": 0, "quantity": quantity}]},
            "responseContent": ["customerSession", "previousReturns"],
        }
    )
    add(step, api.return_cart_items_with_http_info, ID, request)


def cost(price):
    return AdditionalCost(price=price)


def close():
    return NewCustomerSessionV2(state="closed")


update("create", lambda: NewCustomerSessionV2(
    profile_id="anna",
    cart_items=[
        CartItem(sku="SHOE", quantity=2, price=49.95, category="shoes", weight=0.75, attributes={"size": 42, "color": "röd"}),
        CartItem(sku="LACE", quantity=1, price=4.1),
    ],
    additional_costs={"shipping": cost(5.9)},
    coupon_codes=["TEN", "NOPE", "OLD"],
    attributes={"channel": "app", "scores": [1, 0.5], "gift": False},
))
update("update", lambda: NewCustomerSessionV2(coupon_codes=["TEN"], additional_costs={"shipping": cost(7.3)}))
update("dry run", lambda: NewCustomerSessionV2(cart_items=[CartItem(sku="SHOE", quantity=3, price=49.95)]), dry=True)
read("read", ID)
update("bad item", lambda: NewCustomerSessionV2(
    cart_items=[CartItem(sku="SHOE", quantity=1, price=1), CartItem(sku="LACE", quantity=0, price=1)]
))
configuration.api_key["api_key_v1"] = key + "x"
update("wrong key", NewCustomerSessionV2)
configuration.api_key["api_key_v1"] = key
read("unknown session", "nobody")
update("close", close)
update("update when closed", lambda: NewCustomerSessionV2(coupon_codes=[]))
add("reopen", api.reopen_customer_session_with_http_info, ID)
update("close with a key", close, _headers={"Idempotency-Key": "a2c4"})
update("repeat with the key", close, _headers={"Idempotency-Key": "a2c4"})
return_units("return", 1)
return_units("return too much", 2)
read("read after the return", ID)
update("cancel", lambda: NewCustomerSessionV2(state="cancelled"))
update("update when cancelled", lambda: NewCustomerSessionV2(state="open"))
update("large amounts", lambda: NewCustomerSessionV2(
    cart_items=[CartItem(sku="CAR", quantity=3, price=1234567.89)],
    additional_costs={"shipping": cost(0.1), "packing": cost(0.2)},
), id="order-1002")
update("costs of items", lambda: NewCustomerSessionV2(
    cart_items=[CartItem(sku="LACE", quantity=2, price=4.1, additional_costs={"engraving": cost(1.25)})],
), id="order-1003")
print(json.dumps(results))
