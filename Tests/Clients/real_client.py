"""Drives a sandbox through a client that others published (mimecast-api of PyPI, v1), and through requests in the manner of the
vendor's own samples (v1 signing by hand, v2 by token, bodies as Python prints them).

Reads the sandbox's credentials from the environment; prints one line a step and ends with 0 when all went as the client expects.
"""

import base64
import datetime
import hashlib
import hmac
import os
import sys
import uuid

import requests
from mimecast_api import MimecastAPI, MimecastAPIFail
from mimecast_api.post_rest import simple_exchange

env = {name.removeprefix("MIMECAST_"): value for name, value in os.environ.items() if name.startswith("MIMECAST_")}
base, domain = env["BASE_URL"], env["DOMAIN"]
steps = 0


def step(text, holds):
    global steps
    steps += 1
    print(f"{'ok' if holds else 'NOT OK'} {steps} {text}", flush=True)
    if not holds:
        sys.exit(1)


# 1. The published client.
keys = dict(
    access_key=env["ACCESS_KEY"], secret_key=env["SECRET_KEY"], app_id=env["APP_ID"], app_key=env["APP_KEY"])


def published(path, payload, **changes):
    given = {**keys, **changes}
    return simple_exchange(
        base, given["access_key"], given["secret_key"], given["app_id"], given["app_key"], path, payload)


account = published("/api/account/get-account", {"data": []})[0]
step("get-account", account["accountCode"] == env["ACCOUNT_CODE"] and len(account) == 27)
step("get-packages", isinstance(published("/api/provisioning/get-packages", {"data": [{}]}), list))
users = published("/api/user/get-internal-users", {"data": [{"domain": domain}]})[0]
step("get-internal-users", len(users["users"]) <= 100 <= users["userCount"])
created = published("/api/user/create-user", {"data": [{"emailAddress": f"published@{domain}", "name": "Published"}]})
step("create-user", created[0]["emailAddress"] == f"published@{domain}")
try:
    published("/api/user/create-user", {"data": [{"emailAddress": f"published@{domain}"}]})
    step("a second create-user fails", False)
except MimecastAPIFail as failure:
    step("a second create-user fails", failure.args[0]["meta"]["status"] == 200)
for name, wrong in [("access_key", "x"), ("secret_key", base64.b64encode(b"x").decode()), ("app_key", "x"), ("app_id", "x")]:
    try:
        published("/api/account/get-account", {"data": []}, **{name: wrong})
        step(f"a wrong {name} is refused", False)
    except MimecastAPIFail as failure:
        reason = failure.args[0]["fail"][0]["errors"][0]
        wanted = "err_developer_key" if name == "app_id" else "err_xdk_invalid_signature"
        step(f"a wrong {name} is refused", reason["code"] == wanted)
try:
    MimecastAPI(base_url=base, **keys).decode_url("https://url.example/x")
    step("a call that the sandbox does not have fails cleanly", False)
except MimecastAPIFail:
    step("a call that the sandbox does not have fails cleanly", True)


# 2. In the manner of the vendor's samples for v1: signed by hand, the body as Python prints it, no content type.
def sample(path, body):
    request_id = str(uuid.uuid4())
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S") + " UTC"
    text = ":".join([date, request_id, path, env["APP_KEY"]])
    digest = hmac.new(base64.b64decode(env["SECRET_KEY"]), text.encode(), digestmod=hashlib.sha1).digest()
    headers = {
        "Authorization": "MC " + env["ACCESS_KEY"] + ": " + base64.b64encode(digest).decode(),
        "x-mc-app-id": env["APP_ID"], "x-mc-date": date, "x-mc-req-id": request_id,
    }
    return requests.post(url=base + path, headers=headers, data=body, timeout=30)


token, rows = "", 0
while True:
    reply = sample(
        "/api/user/get-internal-users",
        str({"meta": {"pagination": {"pageSize": 25, "pageToken": token}}, "data": [{"domain": domain}]})).json()
    rows += len(reply["data"][0]["users"])
    if "next" not in reply["meta"]["pagination"]:
        break
    token = reply["meta"]["pagination"]["next"]
step("every page, to the end", rows == reply["data"][0]["userCount"])
update = sample("/api/user/update-user", str({"data": [{"emailAddress": f"published@{domain}", "accountDisabled": True}]})).json()
step("a truth value as Python prints it", update["data"][0]["accountDisabled"] is True and update["fail"] == [])
nothing = sample("/api/domain/get-internal-domain", None)
step("no body at all", nothing.status_code == 200 and domain in [row["domain"] for row in nothing.json()["data"]])


# 3. v2 by token: one for all calls, renewed when it has expired, the limits read from the headers.
def token_of(**changes):
    form = {
        "grant_type": "client_credentials", "client_id": env["CLIENT_ID"], "client_secret": env["CLIENT_SECRET"], **changes}
    return requests.post(base + "/oauth/token", data=form, timeout=30)


granted = token_of().json()
step("a token", granted["token_type"] == "Bearer" and granted["expires_in"] == 1799)
refused = token_of(client_secret="x")
step("a wrong secret", refused.status_code == 401 and "code" in refused.json()["fail"][0])
session = requests.Session()
session.headers["Authorization"] = f"Bearer {granted['access_token']}"
groups = session.post(base + "/api/directory/find-groups", json={"data": [{"query": "VPN", "source": "cloud"}]}, timeout=30)
folders = groups.json()["data"][0]["folders"]
step("find-groups", len(folders) == 1 and int(groups.headers["X-RateLimit-Remaining"]) > 0)
members = [{"id": folders[0]["id"], "emailAddress": f"guest{number}@elsewhere.example"} for number in range(500)]
added = session.post(base + "/api/directory/add-group-member", json={"data": members}, timeout=60).json()
step("500 members in a call", len(added["data"]) == 500 and added["fail"] == [])
gateway, page, seen = base + "/user/cloud-gateway/v1/users", None, 0
while True:
    reply = session.get(gateway, params={"pageSize": 100, **({"pageToken": page} if page else {})}, timeout=30).json()
    seen += len(reply["users"])
    pagination = (reply.get("meta") or {}).get("pagination") or {}
    page = pagination.get("next") or pagination.get("nextPageToken")
    if not page:
        break
step("the cloud gateway's pages", seen > 500)
print(f"{steps} steps")
