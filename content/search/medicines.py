"""Medicines that only a doctor may prescribe. They are not advertised to the public, so the search never offers a name.

Source: CAP Code 12.12 and the Human Medicines Regulations 2012 (corrections.md, fact 88). Whoever types a name still finds
the pages that speak of it: what a doctor may prescribe, and when a treatment has to wait. Pure.
"""

from __future__ import annotations

_NAMES = """
isotretinoin roaccutane accutane tretinoin adapalene differin epiduo azelaic skinoren finacea hydroquinone
hyaluronidase hyalase steroid steroids triamcinolone kenalog antiviral antivirals aciclovir valaciclovir
botulinum botox dysport azzalure xeomin doxycycline lymecycline
"""
PRESCRIPTION_ONLY = frozenset(_NAMES.split())
