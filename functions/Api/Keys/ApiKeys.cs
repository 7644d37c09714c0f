using System.Security.Cryptography;
using System.Text;

namespace ServerlessRec.Api.Keys;

/// <summary>The keys of the API. Several per scope, so that a key can be replaced without an outage. Immutable; any thread.</summary>
public sealed class ApiKeys
{
    /// <summary>Characters of a key at least; a shorter one can be guessed.</summary>
    public const int MinLength = 8;

    private readonly (KeyScope Scope, byte[] Hash)[] _keys;

    /// <summary>Takes the keys of each scope.</summary>
    /// <exception cref="ArgumentException">A key is shorter than <see cref="MinLength"/>, or stands in two scopes.</exception>
    public ApiKeys(IEnumerable<string> read, IEnumerable<string> write, IEnumerable<string> admin)
    {
        var all = read.Select(key => (KeyScope.Read, key))
            .Concat(write.Select(key => (KeyScope.Write, key)))
            .Concat(admin.Select(key => (KeyScope.Admin, key)))
            .Distinct()
            .ToArray();
        foreach (var (scope, key) in all)
        {
            if (key.Length < MinLength)
            {
                throw new ArgumentException($"A {scope} key has {key.Length} characters; a key needs at least {MinLength}.");
            }
        }

        if (all.Select(pair => pair.key).Distinct(StringComparer.Ordinal).Count() != all.Length)
        {
            throw new ArgumentException("The same key stands in two scopes; give each scope keys of its own.");
        }

        _keys = [.. all.Select(pair => (pair.Item1, Hash(pair.key)))];
    }

    /// <summary>No keys: only this machine may call.</summary>
    public static ApiKeys None { get; } = new([], [], []);

    /// <summary>There are no keys at all.</summary>
    public bool IsEmpty => _keys.Length == 0;

    /// <summary>The greatest scope that a presented key opens; null for an unknown one. Takes the same time whichever key is wrong, and where.</summary>
    public KeyScope? ScopeOf(string presented)
    {
        ArgumentNullException.ThrowIfNull(presented);
        var hash = Hash(presented);
        KeyScope? scope = null;
        foreach (var key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(key.Hash, hash) && (scope is null || key.Scope > scope))
            {
                scope = key.Scope;
            }
        }

        return scope;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
