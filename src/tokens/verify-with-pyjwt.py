"""Verifies access tokens with PyJWT, knowing nothing but the published JWK Set, the issuer and the audience.

Reads {"jwks": ..., "issuer": ..., "audience": ..., "tokens": [...]} from standard input and writes a list that holds for
each token its claims, or the name of the error that refused it.
"""

import json
import sys

import jwt


def verify(token, keys, algorithms, issuer, audience):
    try:
        kid = jwt.get_unverified_header(token)["kid"]
        return jwt.decode(
            token,
            keys[kid].key,
            algorithms=[algorithms[kid]],
            issuer=issuer,
            audience=audience,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except Exception as error:
        return type(error).__name__


request = json.load(sys.stdin)
published = request["jwks"]
results = [
    verify(
        token,
        jwt.PyJWKSet.from_dict(published),
        {key["kid"]: key["alg"] for key in published["keys"]},
        request["issuer"],
        request["audience"],
    )
    for token in request["tokens"]
]
json.dump(results, sys.stdout)
