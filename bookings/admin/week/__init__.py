"""The week of a practitioner's working hours, as a grid."""
