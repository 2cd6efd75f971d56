"""Renders the overlays of k8s/, refuses what must not be in them, and tells what they name.

Run as `python manifests.py K8S_FOLDER OUT_FOLDER` by an interpreter that has kubernetes_validate and, beside itself, kubectl.
Faults are printed and end it with 1; without any, OUT_FOLDER has `named.json` and `alerts.yaml` for the tests.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import yaml

VERSION = "1.36"
# Kinds of operators, whose schemas are not those of Kubernetes.
OF_OPERATORS = {"ScaledObject", "TriggerAuthentication", "PrometheusRule", "ServiceMonitor"}
MEASUREMENT = re.compile(r"\bheldout_[a-z_]+")
# A password in an address, a key, or anything as long and as random as one.
SECRETS = [
    re.compile(r"://[^/\s:@]+:[^/\s@]+@"),
    re.compile(r"-----BEGIN"),
    re.compile(r"\b[0-9a-fA-F]{32,}\b"),
    re.compile(r"\bAKIA[0-9A-Z]{12,}\b"),
]

faults = []


def must(holds, *what):
    if not holds:
        faults.append(" ".join(str(word) for word in what))


def texts(value, path=""):
    """Every text of a document, with its place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{path}[{index}]")
    elif isinstance(value, str):
        yield path, value


def pod_template(document):
    if document["kind"] == "CronJob":
        return document["spec"]["jobTemplate"]["spec"]["template"]
    if document["kind"] in ("Deployment", "Job"):
        return document["spec"]["template"]
    return None


def matches(selector, labels):
    wanted = selector.get("matchLabels", {})
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    for expression in selector.get("matchExpressions", []):
        assert expression["operator"] == "In", expression
        if labels.get(expression["key"]) not in expression["values"]:
            return False
    return True


def check_pod(name, template, config_maps):
    spec = template["spec"]
    pod = spec["securityContext"]
    must(pod.get("runAsNonRoot") is True and pod.get("runAsUser", 0) > 0, name, "may be root")
    must(pod.get("seccompProfile") == {"type": "RuntimeDefault"}, name, "has no seccomp profile")
    must(spec.get("automountServiceAccountToken") is False, name, "gets a token of the Kubernetes API")
    must(not any(spec.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")), name, "shares with its host")
    for volume in spec.get("volumes", []):
        kinds = set(volume) - {"name"}
        must(kinds <= {"emptyDir", "secret", "persistentVolumeClaim"}, name, "has a volume of", kinds)
    mounted = {volume["name"] for volume in spec.get("volumes", [])}
    for container in spec["containers"] + spec.get("initContainers", []):
        context = container["securityContext"]
        must(context.get("readOnlyRootFilesystem") is True, name, "may write into its image")
        must(context.get("allowPrivilegeEscalation") is False, name, "may gain privileges")
        must(context.get("capabilities") == {"drop": ["ALL"]}, name, "has capabilities")
        must("memory" in container["resources"].get("limits", {}), name, "has no bound of memory")
        must({mount["name"] for mount in container["volumeMounts"]} == mounted, name, "mounts what is not there")
        must(not container["image"].endswith(":latest") and ":" in container["image"], name, "has an image of no version")
        for source in container.get("envFrom", []):
            must(source["configMapRef"]["name"] in config_maps, name, "reads a map that is not there:", source)


def environment(container, config_maps):
    """What the process is given; the values of secrets are not known here and stay empty."""
    found = {}
    for source in container.get("envFrom", []):
        found.update(config_maps[source["configMapRef"]["name"]])
    for variable in container.get("env", []):
        found[variable["name"]] = variable.get("value", "")
        if "valueFrom" in variable:
            must(set(variable["valueFrom"]) == {"secretKeyRef"}, variable, "comes from somewhere else")
    return found


def check_overlay(kubectl, folder):
    rendered = subprocess.run([kubectl, "kustomize", folder], capture_output=True, text=True)
    assert rendered.returncode == 0, rendered.stderr
    documents = list(yaml.safe_load_all(rendered.stdout))
    for document in documents:
        name = f"{folder.name}: {document['kind']}/{document['metadata']['name']}"
        try:
            kubernetes_validate.validate(document, VERSION, strict=True)
        except kubernetes_validate.SchemaNotFoundError:
            must(document["kind"] in OF_OPERATORS, name, "is of an unknown kind")
        except kubernetes_validate.ValidationError as error:
            must(False, name, "is not valid:", error.message, list(error.path))
        in_namespace = document["metadata"].get("namespace") == "heldout"
        must(in_namespace or document["kind"] == "Namespace", name, "is in no namespace of ours")
        must(document["kind"] != "Secret", name, "is a secret: they are referred to only")
        for place, text in texts(document):
            must(not any(secret.search(text) for secret in SECRETS), name, "may hold a secret at", place)

    config_maps = {d["metadata"]["name"]: d["data"] for d in documents if d["kind"] == "ConfigMap"}
    pods, containers = {}, {}
    for document in documents:
        template = pod_template(document)
        if template is None:
            continue
        name = document["metadata"]["name"]
        pods[name] = template
        check_pod(f"{folder.name}: {name}", template, config_maps)
        if document["kind"] != "CronJob":
            labels = template["metadata"]["labels"]
            selector = document["spec"].get("selector", {"matchLabels": labels})
            must(matches(selector, labels), name, "does not select its own pods")
        for container in template["spec"]["containers"]:
            given = environment(container, config_maps)
            containers[name] = {"arguments": container["args"], "environment": given}

    for document in documents:
        name = f"{folder.name}: {document['kind']}/{document['metadata']['name']}"
        if document["kind"] in ("Service", "PodDisruptionBudget"):
            selector = document["spec"]["selector"]
            selector = {"matchLabels": selector} if document["kind"] == "Service" else selector
            found = [pod for pod, template in pods.items() if matches(selector, template["metadata"]["labels"])]
            must(len(found) == 1, name, "selects", found)
        if document["kind"] in ("HorizontalPodAutoscaler", "ScaledObject"):
            target = document["spec"]["scaleTargetRef"]["name"]
            deployment = [d for d in documents if d["kind"] == "Deployment" and d["metadata"]["name"] == target]
            must(len(deployment) == 1, name, "scales what is not there:", target)
            # Whoever applies the manifests again would undo what was scaled.
            must("replicas" not in deployment[0]["spec"], name, "scales a fixed number")
    return documents, pods, containers


def reaching(documents, pods, store):
    """The pods that network policies let out to a store, and those that its own policy lets in."""
    policies = [document["spec"] for document in documents if document["kind"] == "NetworkPolicy"]
    label = {"matchLabels": {"heldout-store": store}}
    out, let_in = set(), None
    for policy in policies:
        for rule in policy.get("egress", []):
            if {"podSelector": label} in rule["to"]:
                out |= {pod for pod, t in pods.items() if matches(policy["podSelector"], t["metadata"]["labels"])}
        if policy["podSelector"] == label:
            selectors = [source["podSelector"] for rule in policy["ingress"] for source in rule["from"]]
            let_in = {pod for pod, t in pods.items() for s in selectors if matches(s, t["metadata"]["labels"])}
    return out, let_in


def closed(documents, pods):
    """Whether some policy takes everything from every pod that is not given back by another."""
    return all(
        any(
            document["kind"] == "NetworkPolicy"
            and set(document["spec"]["policyTypes"]) == {"Ingress", "Egress"}
            and not document["spec"].get("egress")
            and not document["spec"].get("ingress")
            and matches(document["spec"]["podSelector"], template["metadata"]["labels"])
            for document in documents
        )
        for template in pods.values()
    )


def main():
    home, out = Path(sys.argv[1]), Path(sys.argv[2])
    kubectl = Path(sys.executable).parent / "kubectl"
    named = {"containers": {}}
    for overlay in ("single", "production"):
        documents, pods, containers = check_overlay(kubectl, home / "overlays" / overlay)
        named["containers"][overlay] = containers
        must(closed(documents, pods), overlay, "has pods that no policy closes")

    # Of the production overlay, which has everything: who has the answers.
    allowed = {"heldout-organizers", "heldout-worker"}
    must(reaching(documents, pods, "annotations") == (allowed, allowed), "other pods reach the annotations")
    holders = {
        pod for pod, template in pods.items() if any("heldout-annotations" in text for _, text in texts(template))
    }
    must(holders == allowed, "other pods have the credentials of the annotations:", holders)

    rules = [document for document in documents if document["kind"] == "PrometheusRule"]
    dashboard = next(d for d in documents if d["metadata"]["name"] == "heldout-dashboard")["data"]["dashboard.json"]
    panels = json.loads(dashboard)["panels"]
    expressions = [target["expr"] for panel in panels for target in panel["targets"]]
    alerts = [rule for document in rules for group in document["spec"]["groups"] for rule in group["rules"]]
    expressions += [alert["expr"] for alert in alerts]
    named["expressions"] = expressions
    named["measurements"] = sorted({name for text in expressions for name in MEASUREMENT.findall(text)})
    named["alerts"] = [alert["alert"] for alert in alerts]
    scaler = next(document for document in documents if document["kind"] == "ScaledObject")
    named["queue"] = scaler["spec"]["triggers"][0]["metadata"]["query"]

    (out / "named.json").write_text(json.dumps(named))
    (out / "alerts.yaml").write_text(yaml.safe_dump({"groups": rules[0]["spec"]["groups"]}))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
