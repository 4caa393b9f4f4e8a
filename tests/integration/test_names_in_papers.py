"""Papers call people and things by their names: an expert who was designated, a system that was chosen."""

from __future__ import annotations

from sqlalchemy import select

from app.models.documents import Submission
from app.models.process import Definition, UserTask
from tests.integration.web_clients import NOW, County
from tests.integration.web_county import _postgres_county, _sqlite_county, county

__all__ = ["_postgres_county", "_sqlite_county", "county"]


def test_a_designated_expert_is_named_and_not_by_her_username(county: County) -> None:
    chen = county.people["dsj.chen"]
    with county.change() as session:
        form = session.scalars(
            select(Definition.id).where(Definition.kind == "form", Definition.key == "f05z", Definition.in_force)
        ).one()
        task = UserTask(
            instance_id=county["own.instance"], key="designated", element_id="designate", name="指派专家",
            roles="bur_section", form_id="f05z", form_definition_id=form, project_id=county["own.project_id"],
            unit_id=county.bodies["jyj"], status="completed", created_at=NOW, ended_at=NOW, ended_by=chen, inputs={},
            properties={},
        )  # fmt: skip
        session.add(task)
        session.flush()
        answers = {"experts": [{"expert": "daxue.ouyang", "reviewed_before": False, "reason": "专业对口"}]}
        session.add(
            Submission(
                task_id=task.id, instance_id=task.instance_id, project_id=task.project_id, element_id=task.element_id,
                form_id="f05z", form_definition_id=form, answers=answers, by_id=chen, at=NOW,
            )
        )  # fmt: skip
        number = task.id
    page = county.as_("dsj.chen").get(f"/tasks/{number}").get_data(as_text=True)
    assert "欧阳博" in page
    assert "daxue.ouyang" not in page


def test_a_chosen_system_is_called_by_its_name(county: County) -> None:
    page = county.as_("jyj.wang").get(f"/tasks/{county['own.filed']}").get_data(as_text=True)
    assert "XX-JYJ-001 校园管理系统" in page
