"""Django's generic classes under names that type checkers know as generic; at run time Django's cannot be subscripted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm as DjangoUserChangeForm
from django.contrib.auth.forms import UserCreationForm as DjangoUserCreationForm
from django.contrib.auth.models import User

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
    BaseInlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
    UserAdmin = DjangoUserAdmin[User]
    UserChangeForm = DjangoUserChangeForm[User]
    UserCreationForm = DjangoUserCreationForm[User]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline
    ModelForm = forms.ModelForm
    BaseInlineFormSet = forms.BaseInlineFormSet
    UserAdmin = DjangoUserAdmin
    UserChangeForm = DjangoUserChangeForm
    UserCreationForm = DjangoUserCreationForm
