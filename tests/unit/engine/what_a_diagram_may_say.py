"""The table "What a diagram may say" (architecture §1): what runs each row, what lint says, where one sets it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Row:
    """One row: the extension elements that it names, and where each of the three promises is kept."""

    says: frozenset[str]
    """Local names of the `zeebe:` elements."""
    runs: tuple[str, ...]
    """Tests of the engine, as file::function, that it does what is drawn."""
    refused: tuple[str, ...]
    """Findings of lint when it is misused."""
    panel: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Element of `tests.browser.every_element` → entries of the editor's properties panel."""


_LOOP: Final = ("inputCollection", "inputElement", "outputCollection", "outputElement", "completionCondition")
_MESSAGE: Final = ("countyMessage",)
_CAUGHT: Final = ("countyMessage", "messageSubscriptionCorrelationKey")
_TIMER: Final = ("countyDeadline", "timerEventDefinitionType", "timerEventDefinitionValue")
_SIGNAL: Final = ("signalRef", "signalName")

ROWS: Final[Mapping[str, Row]] = {
    "process": Row(
        frozenset({"versionTag"}),
        ("test_definition.py::test_what_a_model_tells",),
        ("extension-not-read", "binding-invalid"),
        {"participant_1": ("processId", "processName", "versionTag", "property-en-name")},
    ),
    "user task": Row(
        frozenset(
            {
                "userTask",
                "assignmentDefinition",
                "formDefinition",
                "taskSchedule",
                "priorityDefinition",
                "properties",
            }
        ),
        (
            "test_flow.py::test_all_that_a_user_task_says",
            "test_flow.py::test_a_due_date_stays_what_it_was_when_the_task_was_entered",
            "test_flow.py::test_every_name_of_an_output_mapping_and_nothing_else_goes_into_the_process",
        ),
        (
            "no-holder",
            "unknown-role",
            "unknown-form",
            "form-not-linked",
            "schedule-invalid",
            "priority-invalid",
            "property-unknown",
            "property-misplaced",
            "property-invalid",
            "setting-not-read",
        ),
        {
            "userTask": (
                "candidateRoles",
                "assignmentDefinitionAssignee",
                "assignmentDefinitionCandidateUsers",
                "countyForm",
                "taskScheduleDueDate",
                "taskScheduleFollowUpDate",
                "priorityDefinitionPriority",
                "property-signs",
                "property-shows",
                "property-records",
                "property-days",
                "property-together",
                "property-idle",
                "property-en-name",
                "property-en-documentation",
            ),
            "startEvent_none": ("property-starters", "property-en-name"),
        },
    ),
    "service task": Row(
        frozenset({"taskDefinition", "ioMapping", "taskHeaders"}),
        (
            "test_flow.py::test_an_operation_gets_its_inputs_and_headers",
            "test_flow.py::test_an_operation_may_end_in_an_error_of_the_diagram",
            "test_incidents.py::test_a_broken_operation_is_an_incident_even_while_a_person_waits",
        ),
        (
            "service-without-operation",
            "unknown-operation",
            "operation-input-missing",
            "operation-input-unknown",
            "operation-header-unknown",
            "operation-header-invalid",
            "mapping-incomplete",
        ),
        {"serviceTask": ("countyOperation", "operation-header-kind", "operation-in-start", "operation-out-due")},
    ),
    "script task": Row(
        frozenset({"script"}),
        (
            "test_long_runs.py::test_two_hundred_tasks_in_a_line",
            "test_flow.py::test_a_script_or_decision_without_a_variable_goes_through_its_mapping",
        ),
        ("script-not-feel", "result-variable-missing"),
        {"scriptTask": ("scriptExpression", "resultVariable")},
    ),
    "business rule task": Row(
        frozenset({"calledDecision"}),
        ("test_incidents.py::test_a_decision_and_what_can_be_wrong_with_it",),
        ("rule-without-decision", "unknown-decision", "binding-invalid"),
        {"businessRuleTask": ("countyDecision", "resultVariable")},
    ),
    "call activity": Row(
        frozenset({"calledElement"}),
        (
            "test_calls.py::test_a_call_hands_over_and_takes_back_what_its_mapping_names",
            "test_calls.py::test_one_call_for_each_of_a_list",
        ),
        ("call-without-process", "unknown-process", "calls-itself", "binding-invalid"),
        {"callActivity": ("countyProcess", "bindingType", "propagateAllParentVariables", "propagateAllChildVariables")},
    ),
    "multi-instance": Row(
        frozenset({"loopCharacteristics"}),
        (
            "test_multi_instance.py::test_three_of_five_in_parallel_in_two_rounds",
            "test_multi_instance.py::test_three_of_five_in_sequence_in_two_rounds",
            "test_multi_instance.py::test_the_four_numbers",
        ),
        ("loop-not-readable", "loop-output-incomplete"),
        {"each": tuple(f"multiInstance-{name}" for name in _LOOP)},
    ),
    "messages and signals": Row(
        frozenset({"subscription"}),
        (
            "test_messages.py::test_a_message_waits_under_its_key_and_brings_its_payload",
            "test_messages.py::test_throwing_names_key_and_payload",
            "test_messages.py::test_message_and_signal_starts",
            "test_messages.py::test_a_signal_end_event_is_thrown",
        ),
        (
            "message-without-reference",
            "message-without-name",
            "message-without-correlation-key",
            "unknown-message",
            "signal-without-reference",
            "unknown-signal",
        ),
        {
            **dict.fromkeys(("receiveTask", "intermediateCatchEvent_message", "boundaryEvent_message"), _CAUGHT),
            **dict.fromkeys(
                ("startEvent_message", "sendTask", "intermediateThrowEvent_message", "endEvent_message"), _MESSAGE
            ),
            **dict.fromkeys(
                (
                    "startEvent_signal",
                    "intermediateCatchEvent_signal",
                    "boundaryEvent_signal",
                    "intermediateThrowEvent_signal",
                    "endEvent_signal",
                ),
                _SIGNAL,
            ),
        },
    ),
    "timers": Row(
        frozenset(),
        (
            "test_timers.py::test_a_catch_event_waits_for_its_moment_and_not_one_second_less",
            "test_timers.py::test_a_ladder_fires_each_step_once_and_then_sleeps",
            "test_timers.py::test_working_days_end_at_midnight_after_their_last_day",
            "test_timers.py::test_a_monthly_cycle_from_the_thirty_first_does_not_drift",
        ),
        (
            "timer-without-definition",
            "timer-defined-twice",
            "timer-invalid",
            "timer-not-positive",
            "timer-cycle-misplaced",
        ),
        dict.fromkeys(("startEvent_timer", "intermediateCatchEvent_timer", "boundaryEvent_timer"), _TIMER),
    ),
    "what people read": Row(
        frozenset(),
        ("test_flow.py::test_all_that_a_user_task_says", "test_definition.py::test_what_a_model_tells"),
        ("user-task-without-documentation", "lane-names-unknown", "unnamed-task"),
        {
            "lane_1": ("name", "property-en-name"),
            "userTask": ("documentation",),
            "group_1": ("name",),
            "note_1": ("documentation",),
            "flow": ("conditionExpression",),
        },
    ),
}


def panels() -> Mapping[str, set[str]]:
    """Return for each element the entries that its properties panel must have."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for row in ROWS.values():
        for element, entries in row.panel.items():
            wanted[element] |= set(entries)
    return wanted
