"""The tables of oversight: dispatches and meetings with what they decide, letters, and the rules they follow."""

from bihuan.oversight.models.forms import Assessment, AssessmentScore, FormCell, FormTemplate
from bihuan.oversight.models.letters import Letter, LetterReply, LetterTask, Series
from bihuan.oversight.models.meetings import Attendance, Decision, Dispatch, Meeting, MeetingRecusal
from bihuan.oversight.models.rounds import Round, RoundCheck, RoundDraw, RoundItem
from bihuan.oversight.models.rules import Rule

__all__ = [
    "Assessment",
    "AssessmentScore",
    "Attendance",
    "Decision",
    "Dispatch",
    "FormCell",
    "FormTemplate",
    "Letter",
    "LetterReply",
    "LetterTask",
    "Meeting",
    "MeetingRecusal",
    "Round",
    "RoundCheck",
    "RoundDraw",
    "RoundItem",
    "Rule",
    "Series",
]
