"""A block type in Python, by the events alone: says a text backwards.

pip install confluent-kafka; KAFKA_BROKERS=localhost:9092 python worker.py
"""

import json, os, signal, uuid
from datetime import datetime, timezone

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

BROKERS = {"bootstrap.servers": os.environ.get("KAFKA_BROKERS", "localhost:9092")}
MANIFEST = {
    "type": "backwards",
    "version": 1,
    "title": "Backwards",
    "description": "Says a text backwards",
    "input": "each",  # a payload at a time
    "output": "one",
    "with": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
}
TOPIC = "duofactory.block-requested." + MANIFEST["type"]
producer = Producer(BROKERS)


def execute(request: dict) -> dict:
    return {"outputs": [{"result": {"text": request["with"]["text"][::-1]}}]}


def publish(topic: str, key: str, type: str, data: dict, name: str, more: dict) -> None:
    headers = {
        "ce_specversion": "1.0",
        # The same for the same fact: an answer that goes out twice is one event.
        "ce_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{type}/{name}")),
        "ce_source": "/other-team/backwards",
        "ce_type": type,
        "ce_time": datetime.now(timezone.utc).isoformat(),
        "content-type": "application/json",
        **more,
    }
    producer.produce(topic, json.dumps(data), key, headers=headers)
    if producer.flush(30) > 0:
        raise SystemExit("Kafka takes nothing: the request comes again after a restart")


def answer(message) -> None:
    try:
        request = json.loads(message.value())
        asked = {name: value.decode() for name, value in message.headers() or []}
        base = {name: request[name] for name in ("run", "task", "attempt")}
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # no request: those behind it do not wait for it
        return print(f"passed over {message.partition()}/{message.offset()}: {error!r}", flush=True)
    trace = {"traceparent": asked["traceparent"]} if "traceparent" in asked else {}
    try:
        type, outcome = "block-completed.v1", execute(request)
    except Exception as error:  # whatever it is, the orchestrator decides what follows
        type, outcome = "block-failed.v1", {"error": {"code": "internal-error", "message": repr(error), "retryable": True}}
    name, run = f"{base['task']}/{base['attempt']}", base["run"]
    publish("duofactory.block-completed", run, type, base | outcome, name, {"ce_subject": run, **trace})


signal.signal(signal.SIGTERM, signal.default_int_handler)
admin = AdminClient(BROKERS)
try:
    admin.create_topics([NewTopic(TOPIC, 6)])[TOPIC].result()
except KafkaException as error:
    if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
        raise
known = {"service": "backwards", "manifest": MANIFEST}
publish("duofactory.block-types", "backwards", "block-type-registered.v1", known, str(uuid.uuid4()), {})
consumer = Consumer(BROKERS | {"group.id": "backwards", "auto.offset.reset": "earliest", "enable.auto.commit": False})
consumer.subscribe([TOPIC])
try:
    while True:
        if (message := consumer.poll(1)) is not None and not message.error():
            answer(message)
            consumer.commit(message)
except KeyboardInterrupt:
    consumer.close()
