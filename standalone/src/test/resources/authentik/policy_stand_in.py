"""Runs authentik's expressions where there is no authentik.

Reads one JSON object a line and answers with one. An expression gets the names that authentik gives it, wrapped in a
function as authentik does; between two runs a plan is pickled, as it is in authentik's session. What this can't show is
what authentik itself does with the result.
"""

import json
import os
import pickle
import sys
import time
import urllib.error
import urllib.request
from ipaddress import ip_address
from textwrap import indent

real_time = time.time


class User:
    def __init__(self, pk):
        self.pk = pk
        self.username = "somebody"
        self.email = "somebody@example.org"


class FlowPlan:
    def __init__(self):
        self.context = {}


class HttpRequest:
    def __init__(self, session):
        self.session = session
        self.META = {"HTTP_USER_AGENT": "a browser"}

    def get_host(self):
        return "auth.example.org"


class PolicyRequest:
    def __init__(self, user, http_request, context):
        self.user = user
        self.http_request = http_request
        self.context = context


class Named:
    def __init__(self, **fields):
        self.__dict__.update(fields)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Answer:
    def __init__(self, status_code, body):
        self.status_code = status_code
        self.body = body

    def json(self):
        return json.loads(self.body)


class Session:
    """As much of requests.Session as the policies use, for a Python without it."""

    opener = urllib.request.build_opener(NoRedirect)

    def get(self, url, **more):
        return self.send("GET", url, **more)

    def post(self, url, **more):
        return self.send("POST", url, **more)

    def send(self, method, url, headers, timeout, allow_redirects, json=None):
        assert not allow_redirects
        body = None if json is None else globals()["json"].dumps(json).encode()
        headers = headers if body is None else headers | {"Content-Type": "application/json"}
        request = urllib.request.Request(url, data=body, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=timeout) as answer:
                return Answer(answer.status, answer.read())
        except urllib.error.HTTPError as answer:
            return Answer(answer.code, answer.read())


def new_session():
    try:
        import requests
    except ImportError:
        return Session()
    return requests.Session()


expressions = {}
plans = {}


def compiled(name, names):
    signature = ",".join(names)
    text = f"def handler({signature}):\n" + indent(expressions[name], "    ")
    return compile(text + f"\nresult = handler({signature})", name, "exec")


def evaluate(name, variables):
    variables = dict(variables)
    exec(compiled(name, variables), {"requests": new_session()}, variables)
    return variables["result"]


def run(policy, plan, user, request_user, prompt, later, unset):
    held = pickle.loads(plans[plan]) if plan in plans else FlowPlan()
    held.context["pending_user"] = None if user is None else User(user)
    session = {"authentik/flows/plan": held}
    http = HttpRequest(session)
    # The validation of a prompt is not given the plan.
    context = {"prompt_data": {}} if prompt else {"flow_plan": held, **held.context}
    request = PolicyRequest(User(request_user), http, context)
    messages = []
    variables = {
        "ak_message": messages.append,
        "ak_client_ip": ip_address("192.0.2.1"),
        "http_request": http,
        "request": request,
        "context": context,
    }
    kept = {name: os.environ.pop(name) for name in unset if name in os.environ}
    time.time = lambda: real_time() + later
    result, error = None, None
    try:
        result = evaluate(policy, variables)
    except Exception as raised:
        error = repr(raised)
    finally:
        time.time = real_time
        os.environ.update(kept)
    plans[plan] = pickle.dumps(held)
    return {
        "passed": bool(result),
        "error": error,
        "messages": messages,
        "nod": held.context.get("nod", {}),
        "shown": held.context.get("prompt_data", {}).get("nod_number", ""),
    }


def change(plan, put, drop):
    held = pickle.loads(plans[plan])
    held.context["nod"].update(put)
    for name in drop:
        held.context["nod"].pop(name, None)
    plans[plan] = pickle.dumps(held)
    return {}


def copy(source, target):
    plans[target] = plans[source]
    return {}


def map_event(expression, event):
    return {"value": evaluate(expression, {"notification": Named(event=Named(**event))})}


def define(named):
    expressions.update(named)
    for name in named:
        compiled(name, [])
    return {}


def environment(values):
    os.environ.update(values)
    return {}


OPERATIONS = {
    "run": run,
    "change": change,
    "copy": copy,
    "map": map_event,
    "define": define,
    "environment": environment,
}

for line in sys.stdin:
    arguments = json.loads(line)
    answer = OPERATIONS[arguments.pop("do")](**arguments)
    print(json.dumps(answer), flush=True)
