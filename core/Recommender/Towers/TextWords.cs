using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace ServerlessRec.Recommender.Towers;

/// <summary>
/// Cuts text into words and hashes them to buckets. Stored models depend on it: never change what it answers.
/// </summary>
/// <remarks>
/// A word is a longest run of letters, digits and combining marks, lower-cased by the invariant culture; at most 64 UTF-16 units of it
/// count. Chinese, Japanese and Korean characters are a word each, because such text has no spaces. A word's id is
/// 1 + XxHash64(UTF-8 bytes, seed 0) mod buckets (feature hashing: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009, §2).
/// </remarks>
public static class TextWords
{
    private const int MaxWordLength = 64;

    /// <summary>
    /// Adds the words of <paramref name="text"/> to a bag of distinct ids and their counts.
    /// </summary>
    /// <param name="text">Any text; unpaired surrogates separate words.</param>
    /// <param name="buckets">At least 1.</param>
    /// <param name="ids">The bag's ids; its length limits the distinct words.</param>
    /// <param name="counts">How often each id stood, as long as <paramref name="ids"/>.</param>
    /// <param name="used">Ids already in the bag.</param>
    /// <returns>Ids in the bag afterwards. Words beyond a full bag are left out; words already in it still count.</returns>
    public static int Collect(ReadOnlySpan<char> text, int buckets, Span<long> ids, Span<float> counts, int used)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(counts.Length, ids.Length);
        Span<char> word = stackalloc char[MaxWordLength];
        var length = 0;
        while (!text.IsEmpty)
        {
            var whole = Rune.DecodeFromUtf16(text, out var rune, out var consumed) == OperationStatus.Done;
            text = text[consumed..];
            var ideograph = whole && IsIdeograph(rune.Value);
            if (length > 0 && (ideograph || !whole || !IsWordPart(rune)))
            {
                used = Add(word[..length], buckets, ids, counts, used);
                length = 0;
            }

            if (ideograph)
            {
                used = Add(word[..rune.EncodeToUtf16(word)], buckets, ids, counts, used);
            }
            else if (whole && IsWordPart(rune) && length + rune.Utf16SequenceLength <= MaxWordLength)
            {
                length += Rune.ToLowerInvariant(rune).EncodeToUtf16(word[length..]);
            }
        }

        return length > 0 ? Add(word[..length], buckets, ids, counts, used) : used;
    }

    private static int Add(ReadOnlySpan<char> word, int buckets, Span<long> ids, Span<float> counts, int used)
    {
        Span<byte> utf8 = stackalloc byte[MaxWordLength * 3];
        var id = 1 + (long)(XxHash64.HashToUInt64(utf8[..Encoding.UTF8.GetBytes(word, utf8)]) % (ulong)buckets);
        var at = ids[..used].IndexOf(id);
        if (at >= 0)
        {
            counts[at]++;
            return used;
        }

        if (used == ids.Length)
        {
            return used;
        }

        ids[used] = id;
        counts[used] = 1;
        return used + 1;
    }

    private static bool IsWordPart(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Kana, Hangul, CJK ideographs with extensions and compatibility forms.
    private static bool IsIdeograph(int value) => value is
        (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or
        (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
