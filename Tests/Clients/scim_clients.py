"""Drives the sandbox's SCIM endpoint through clients that others published: the checks of scim2-tester, and scim2-cli's commands.

Reads the sandbox's credentials from the environment; prints one line a step and ends with 0 when no client reports an error.
"""

import json
import os
import subprocess
import sys
import uuid

import requests
from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

env = {name.removeprefix("MIMECAST_"): value for name, value in os.environ.items() if name.startswith("MIMECAST_")}
base, domain, url = env["BASE_URL"], env["DOMAIN"], env["SCIM_URL"]
token = requests.post(
    base + "/oauth/token",
    data={
        "grant_type": "client_credentials", "client_id": env["GUIDE_CLIENT_ID"], "client_secret": env["GUIDE_CLIENT_SECRET"],
    },
    timeout=30).json()["access_token"]
steps = 0


def step(text, holds, said=""):
    global steps
    steps += 1
    print(f"{'ok' if holds else 'NOT OK'} {steps} {text} {'' if holds else said}", flush=True)
    if not holds:
        sys.exit(1)


# 1. scim2-tester: discovery, and every attribute of every resource type added, replaced and removed.
client = Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
results = check_server(SyncSCIMClient(client))
good = [result for result in results if result.status == Status.SUCCESS]
bad = [result for result in results if result.status in (Status.ERROR, Status.CRITICAL)]
odd = {result.status.name for result in results} - {"SUCCESS", "ERROR", "CRITICAL", "SKIPPED"}
for result in bad:
    print(f"  {result.resource_type or ''} {result.title}: {result.reason}", flush=True)
step(f"scim2-tester: {len(results)} checks", not bad and not odd and len(good) >= 100, f"{len(bad)} errors, {len(good)} successes, {odd}")


# 2. scim2-cli.
program = os.path.join(os.path.dirname(sys.executable), "scim")


def cli(*arguments, text=None, fails=False):
    done = subprocess.run(
        [program, "--url", url, *arguments], input=text, capture_output=True, text=True, timeout=60,
        env={**os.environ, "SCIM_CLI_HEADERS": f"Authorization: Bearer {token}"})
    if (done.returncode != 0) != fails:
        step(f"scim {' '.join(arguments)}", False, done.stdout + done.stderr)
    return json.loads(done.stdout) if done.stdout.strip().startswith("{") else done.stdout


name = f"cli-{uuid.uuid4()}@{domain}"
user_schema = "urn:ietf:params:scim:schemas:core:2.0:User"
user = cli("create", "user", text=json.dumps({
    "schemas": [user_schema], "userName": name, "emails": [{"value": name, "type": "work", "primary": True}]}))
step("scim create", user["userName"] == name and user["meta"]["location"] == f"{url}/Users/{user['id']}")
step("scim query, one", cli("query", "user", user["id"])["id"] == user["id"])
found = cli("query", "user", "--filter", f'userName eq "{name.upper()}"')
step("scim query, filter", found["totalResults"] == 1 and found["Resources"][0]["id"] == user["id"])
page = cli("query", "user", "--cursor", "", "--count", "7")
step("scim query, cursor", len(page["Resources"]) == 7 and page["nextCursor"])
step("scim query, the root", cli("query", "--count", "3")["itemsPerPage"] == 3)
changed = cli("modify", "user", user["id"], "replace", "displayName", "Name Of Many", "add", "nickName", "Nick")
step("scim modify", changed["displayName"] == "Name Of Many" and changed["nickName"] == "Nick")
replaced = cli("replace", "user", text=json.dumps({
    "schemas": [user_schema], "id": user["id"], "userName": name, "title": "Title", "emails": [{"value": name, "primary": True}]}))
step("scim replace", replaced["title"] == "Title" and "nickName" not in replaced)
searched = cli("search", text=json.dumps({
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": f'userName eq "{name}"'}))
step("scim search", searched["totalResults"] == 1)
bulk = cli("bulk", text=json.dumps({
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    "Operations": [
        {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": f"Group {uuid.uuid4()}",
            "members": [{"value": "bulkId:u"}]}},
        {"method": "POST", "path": "/Users", "bulkId": "u", "data": {"schemas": [user_schema], "userName": f"bulk-{name}"}},
    ]}))
step("scim bulk, a reference forward", [operation["status"] for operation in bulk["Operations"]] == ["201", "201"])
cli("delete", "user", user["id"])
cli("query", "user", user["id"], fails=True)
step("scim delete", True)
print(f"{steps} steps")
