"""One step of a process instance: load, let something happen, run to the next wait, compact, save.

(Contract; the bodies follow.) Every function is pure: state in, `Step` out. `model` comes from
`definition.parse_process` and may be shared by threads.
"""
# def start(model, variables, host, *, start_event_id=None) -> Step
#     start_event_id names a message start event; None is the none (or timer) start event
# def complete_user_task(model, state, key, host, *, answers, routing) -> Step
#     answers: the whole submission; routing: what goes into the process where the diagram maps nothing
#     raises KeyError(key) when that task does not wait (any more)
# def fire_timer(model, state, key, host) -> Step            KeyError when it does not wait or is not due yet
# def deliver(model, state, key, host, *, payload) -> Step     message or signal subscription, by its key
# def call_finished(model, state, key, host, *, outputs) -> Step
# def call_failed(model, state, key, host, *, code, message) -> Step   error boundary, else incident
# def refresh_timers(model, state, host) -> Step               evaluate every waiting timer again (the ledger moved)
# def retry(model, state, key, host) -> Step                   an incident
# def terminate(model, state, host) -> Step
# def waits(model, state, host) -> Waits
#
# definition.py:
# def parse_process(source: bytes, *, name: str = "") -> ProcessModel      raises DiagramNotExecutable(findings)
#   ProcessModel: process_id, name, version_tag, documentation, message_starts {message name: start element id},
#     timer_starts {element id: expression}, signal_starts, user_tasks {element id: UserTaskElement(name, form_id,
#     candidate_groups, lane, documentation)}, called (process ids), decisions (ids), operations (types), elements {id: (type, name)}
