"""`python portal/embedded/probe.py PATH`: exit code 0 when the web server of this container answers 200 there.

Run as a file and with the standard library only, because it runs every few seconds. The host name is the first of
ALLOWED_HOSTS: Django refuses to answer to any other.
"""

import http.client
import os
import sys

PORT = 8000


def main(path: str) -> int:
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".*") or "localhost"
    # As the proxy in front of it would say; otherwise a portal that insists on TLS sends the probe elsewhere.
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=4)
    try:
        connection.request("GET", path, headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    return 0 if status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
