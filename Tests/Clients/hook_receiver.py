"""Receives webhooks as a subscriber of somebody else's would: an HTTP server whose deliveries are verified by standardwebhooks of PyPI.

    hook_receiver.py FOLDER SECRET...

Writes its port to FOLDER/port, a line of JSON for each try to FOLDER/deliveries, and answers with the status that FOLDER/answer holds (200
without one). A delivery that no secret verifies is answered with 401.
"""

import http.server
import json
import os
import sys
import threading

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

folder, secrets = sys.argv[1], sys.argv[2:]
lock = threading.Lock()


def verifies(secret, body, headers):
    try:
        Webhook(secret).verify(body, headers)
        return True
    except WebhookVerificationError:
        return False


def answer():
    try:
        with open(f"{folder}/answer") as file:
            return int(file.read().split()[0])
    except FileNotFoundError:
        return 200


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        verified = [index for index, secret in enumerate(secrets) if verifies(secret, body, headers)]
        status = answer() if verified else 401
        event = json.loads(body)
        line = {
            "id": headers["webhook-id"], "event": event["id"], "type": event["type"], "person": event.get("subject", ""), "status": status,
            "verified": verified, "contentType": headers["content-type"],
        }
        with lock, open(f"{folder}/deliveries", "a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if status == 302:
            self.send_header("Location", self.path + "/elsewhere")
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
with open(f"{folder}/port.new", "w") as file:
    file.write(str(server.server_port))
os.rename(f"{folder}/port.new", f"{folder}/port")
server.serve_forever()
