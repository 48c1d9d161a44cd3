"""How accounts are made."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    from anguan.people.models import User


class UserManager(BaseUserManager["User"]):
    """Accounts start without a usable password: nobody has a default one."""

    def create_user(self, username: str, name: str, **fields: Any) -> "User":
        """Store an account that can be entered by a one-time code only, until its owner sets a password."""
        user = self.model(username=username, name=name, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user
