import pytest

from bihuan.audit.models import Event
from bihuan.audit.queries import table_breaks
from bihuan.core.draft_edits import Edit, EditRefused
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.documents import queries
from bihuan.documents.actions import (
    DocumentRefused,
    DraftClosed,
    DraftConflict,
    drop_draft,
    edit_draft,
    receive,
)
from bihuan.documents.models import Draft, Received
from tests.cast import TODAY, actor_for
from tests.core import draft_samples as samples


def first_problem(draft: Draft):
    return queries.tree_of_draft(draft).of_kind("problem")[0]


def test_a_document_arrives_with_a_draft_and_its_lines(cast, feedback):
    assert feedback.outcome == "new"
    assert feedback.draft.mode == "live"
    assert [line.text for line in queries.lines_of_draft(feedback.draft)] == [
        line.text for line in samples.FEEDBACK_LINES
    ]
    assert list(table_breaks()) == []


def test_the_same_file_again_resumes_its_open_draft(arrive, feedback):
    events = Event.objects.count()
    again = arrive(samples.feedback(), samples.FEEDBACK_LINES)
    assert (again.outcome, again.draft.pk) == ("resumed", feedback.draft.pk)
    assert (Draft.objects.count(), Received.objects.count(), Event.objects.count()) == (1, 1, events)


def test_a_dropped_draft_begins_again(cast, arrive, feedback):
    drop_draft(feedback.draft.pk, actor=actor_for(cast.office))
    again = arrive(samples.feedback(), samples.FEEDBACK_LINES)
    assert again.outcome == "new"
    assert Received.objects.count() == 1


def test_an_edit_counts_the_revision_up(cast, feedback):
    problem = first_problem(feedback.draft)
    draft = edit_draft(
        feedback.draft.pk,
        [Edit("change", problem.id, {"title": "改过"})],
        revision=1,
        actor=actor_for(cast.office),
    )
    assert draft.revision == 2
    assert first_problem(Draft.objects.get()).title == "改过"
    assert list(table_breaks()) == []


def test_an_edit_of_what_another_changed_is_refused_and_changes_nothing(cast, feedback):
    problem = first_problem(feedback.draft)
    edit_draft(
        feedback.draft.pk,
        [Edit("change", problem.id, {"title": "甲"})],
        revision=1,
        actor=actor_for(cast.office),
    )
    with pytest.raises(DraftConflict) as refused:
        edit_draft(
            feedback.draft.pk,
            [Edit("change", problem.id, {"title": "乙"})],
            revision=1,
            actor=actor_for(cast.office),
        )
    assert refused.value.status == 409
    assert first_problem(Draft.objects.get()).title == "甲"


def test_of_several_edits_one_that_is_refused_refuses_all(cast, feedback):
    problem = first_problem(feedback.draft)
    edits = [Edit("change", problem.id, {"title": "甲"}), Edit("merge", problem.id)]
    with pytest.raises(EditRefused):
        edit_draft(feedback.draft.pk, edits, revision=1, actor=actor_for(cast.office))
    assert first_problem(Draft.objects.get()).title == problem.title


def test_a_closed_draft_is_not_edited(cast, feedback):
    drop_draft(feedback.draft.pk, actor=actor_for(cast.office))
    with pytest.raises(DraftClosed) as refused:
        edit_draft(feedback.draft.pk, [], revision=1, actor=actor_for(cast.office))
    assert refused.value.code == "documents.draft-dropped"


def test_only_the_office_brings_documents_in(cast, arrive):
    for person in (cast.reader, cast.outsider, cast.disabled):
        with pytest.raises(NotAllowed):
            arrive(samples.feedback(), samples.FEEDBACK_LINES, actor=actor_for(person))
    assert Draft.objects.count() == 0


def test_a_draft_is_seen_by_the_office_only(cast, feedback):
    assert queries.draft_for(cast.office, feedback.draft.pk, TODAY).pk == feedback.draft.pk
    with pytest.raises(NotAllowed):
        queries.draft_for(cast.reader, feedback.draft.pk, TODAY)
    for person in (cast.outsider, cast.disabled, cast.department_reader):
        with pytest.raises(NotVisible):
            queries.draft_for(person, feedback.draft.pk, TODAY)
    assert list(queries.drafts_seen(cast.reader, TODAY)) == []


def test_a_document_is_seen_by_whoever_sees_the_organisation(cast, feedback):
    document = feedback.draft.document
    assert queries.document_for(cast.reader, document.pk, TODAY) == document
    for person in (cast.outsider, cast.disabled, cast.department_reader):
        with pytest.raises(NotVisible):
            queries.document_for(person, document.pk, TODAY)


@pytest.mark.parametrize("mark", ["秘密", "机密★1年", "密级：秘密", "绝 密 ★ 长期"])
def test_a_paper_with_a_classification_mark_is_not_kept(cast, arrive, mark):
    with pytest.raises(DocumentRefused) as refused:
        arrive(samples.feedback(), samples.lines("第1号", mark, "关于反馈意见"))
    assert refused.value.code == "documents.classified"
    assert not list((cast.organisation, *Received.objects.all())[1:])


def test_an_installation_declared_for_classified_papers_takes_them(cast, arrive, settings):
    settings.BIHUAN_CLASSIFIED = True
    arrive(samples.feedback(), samples.lines("第1号", "秘密★1年", "关于反馈意见"))
    assert Received.objects.count() == 1


def test_a_paper_that_only_speaks_of_secrets_is_taken(arrive):
    assert arrive(samples.feedback(), samples.lines("保守秘密的规定", "机密文件管理不严")).outcome == "new"


def test_what_cannot_be_read_is_refused_with_the_reader_s_reason(cast):
    with pytest.raises(DocumentRefused) as refused:
        receive(b"", name="空.txt", organisation=cast.organisation, actor=actor_for(cast.office))
    assert refused.value.code == "formats.empty"
    assert Received.objects.count() == 0


def test_a_split_takes_its_source_lines_along(cast, feedback):
    problem = first_problem(feedback.draft)
    at = problem.text.index("有两次")
    edit = Edit("split", problem.id, {"field": "text", "at": str(at)})
    draft = edit_draft(feedback.draft.pk, [edit], revision=1, actor=actor_for(cast.office))
    first, second = queries.tree_of_draft(draft).of_kind("problem")[:2]
    assert (first.lines, second.lines, second.line) == ((7, 8), (9,), 9)


def test_a_split_within_a_line_leaves_the_line_with_the_first_half(cast, feedback):
    problem = first_problem(feedback.draft)
    edit = Edit("split", problem.id, {"field": "text", "at": str(problem.text.index("实际"))})
    draft = edit_draft(feedback.draft.pk, [edit], revision=1, actor=actor_for(cast.office))
    first, second = queries.tree_of_draft(draft).of_kind("problem")[:2]
    assert (first.lines, second.lines, second.line) == ((7, 8, 9), (), 7)
