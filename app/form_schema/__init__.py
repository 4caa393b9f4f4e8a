"""form-js schemas: checked when they are published, and the judge of every answer that is posted.

Conventions (all of them plain form-js 1.23; what form-js cannot say stands in a component's custom `properties`):

* **Money** is a form-js `number` with `decimalDigits` 6, `appearance.suffixAdorner` 万元 and
  `properties.kind` = `money`. People type and read 万元; `validate` gives whole 分 (int) under the same key, because
  0.000001 万元 is one 分. FEEL inside a form therefore reads 万元, FEEL inside a process (and `submission.…`) 分.
* **Attachments** are `filepicker`s. Their answer is a list of attachment ids.
* **Yes and no** that must be answered is a `radio` with the values true and false; a `checkbox` is either a pledge
  (required: must be ticked) or a plain flag.
* **Rules that form-js has no word for**: `date.min`, `date.max` (`today`, an ISO date or a FEEL expression beginning
  with `=`; sibling fields of a list through `this`), `list.min`, `list.max`, `list.odd`, `number.positive` (greater
  than 0). Only the server judges these.
* **Computed** values are `expression` fields: recomputed here, whatever was posted.
* **English** stands in `properties`: `en.label`, `en.description`, `en.text`, `en.value.<value>`, `en.column.<key>`,
  `en.suffix`, `en.patternErrorMessage`; for the whole form `name` and `en.name` in the root's `properties`.
* **Context** (project, deadline …) is form data under names that are no fields; `FormModel.context_names` and
  `option_names` say which. `display_context` turns typed facts into what the browser and FEEL see: dates as ISO text
  with `<key>_text` beside them, `<key>_fen` as 万元 under `<key>` and with two decimals under `<key>_text`.
"""

from __future__ import annotations

from app.form_schema.answers import Answers, FieldMessage, routing_values, validate
from app.form_schema.context import display_context
from app.form_schema.display import Column, Row, Table, summary_rows, to_display
from app.form_schema.language import localised
from app.form_schema.model import Field, FormModel
from app.form_schema.parsing import lint_form, parse_form
from app.form_schema.storage import from_draft, from_storage, to_storage

__all__ = [
    "Answers",
    "Column",
    "Field",
    "FieldMessage",
    "FormModel",
    "Row",
    "Table",
    "display_context",
    "from_draft",
    "from_storage",
    "lint_form",
    "localised",
    "parse_form",
    "routing_values",
    "summary_rows",
    "to_display",
    "to_storage",
    "validate",
]
