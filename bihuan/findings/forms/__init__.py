"""The forms of the register (`register`) and of its plans (`plan`)."""

from bihuan.findings.forms.register import (
    Choices,
    FindingForm,
    InspectionForm,
    InstitutionForm,
    NewInspectionForm,
    NewInstitutionForm,
    ProblemForm,
    ReasonForm,
    RowForm,
    StateForm,
    StepForm,
    TaskForm,
    day_field,
    first_values,
    month_or_day,
    words,
)

__all__ = [
    "Choices",
    "FindingForm",
    "InspectionForm",
    "InstitutionForm",
    "NewInspectionForm",
    "NewInstitutionForm",
    "ProblemForm",
    "ReasonForm",
    "RowForm",
    "StateForm",
    "StepForm",
    "TaskForm",
    "day_field",
    "first_values",
    "month_or_day",
    "words",
]
