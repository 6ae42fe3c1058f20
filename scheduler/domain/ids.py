"""The ids of everything that is stored: one type per noun, all of them UUIDs."""

from typing import NewType
from uuid import UUID

OrganizationId = NewType("OrganizationId", UUID)
CenterId = NewType("CenterId", UUID)
ChairId = NewType("ChairId", UUID)
ClinicDayId = NewType("ClinicDayId", UUID)
StaffId = NewType("StaffId", UUID)
SessionId = NewType("SessionId", UUID)
PatientId = NewType("PatientId", UUID)
ContactId = NewType("ContactId", UUID)
RegimenVersionId = NewType("RegimenVersionId", UUID)
OrderId = NewType("OrderId", UUID)
PlanId = NewType("PlanId", UUID)
DoseId = NewType("DoseId", UUID)
GivenDoseId = NewType("GivenDoseId", UUID)
AppointmentId = NewType("AppointmentId", UUID)
ItemId = NewType("ItemId", UUID)
MessageId = NewType("MessageId", UUID)
TaskId = NewType("TaskId", UUID)
ChangeId = NewType("ChangeId", UUID)
SectionId = NewType("SectionId", UUID)
ReservationId = NewType("ReservationId", UUID)
