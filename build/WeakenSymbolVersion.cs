using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Build task: copies an ELF64 library and marks one needed symbol version as weak (VER_FLG_WEAK), so that the loader accepts a system without it.
/// Refuses when anything but one symbol that no relocation uses asks for that version: then the library could really miss something.
/// </summary>
public class WeakenSymbolVersion : Task
{
    private const uint RelocationsWithAddend = 4, Relocations = 9, DynamicSymbols = 11, NeededVersions = 0x6ffffffe, SymbolVersions = 0x6fffffff;
    private const int SymbolSize = 24;
    private const byte Weak = 2;

    private byte[] _file;

    /// <summary>The library.</summary>
    public string Source { get; set; }

    /// <summary>Where the copy goes.</summary>
    public string Destination { get; set; }

    /// <summary>The version to weaken, such as GLIBCXX_3.4.32.</summary>
    public string Version { get; set; }

    /// <summary>The one symbol that may ask for that version.</summary>
    public string UnusedSymbol { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        _file = File.ReadAllBytes(Source);
        if (_file.Length < 64 || U32(0) != 0x464c457f || _file[4] != 2 || _file[5] != 1)
            return Refuse("it is not a little-endian ELF64 file");
        var sections = ReadSections();
        var auxiliary = FindAuxiliary(sections);
        if (auxiliary >= 0)
        {
            var problem = FindUse(sections, U16(auxiliary + 6));
            if (problem != null)
                return Refuse(problem);
            _file[auxiliary + 4] |= Weak;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        File.WriteAllBytes(Destination, _file);
        return true;
    }

    private bool Refuse(string reason)
    {
        Log.LogError("{0} was not patched: {1}. See docs/decisions/torchsharp-one-byte.md.", Source, reason);
        return false;
    }

    private List<Section> ReadSections()
    {
        var sections = new List<Section>();
        for (int i = 0, at = checked((int)U64(0x28)); i < U16(0x3c); i++, at += U16(0x3a))
            sections.Add(new Section { Kind = U32(at + 4), Offset = (int)U64(at + 24), Length = (int)U64(at + 32), Link = (int)U32(at + 40) });
        return sections;
    }

    /// <summary>Offset of the version's Vernaux entry; -1 when the library does not need it.</summary>
    private int FindAuxiliary(List<Section> sections)
    {
        foreach (var section in sections)
        {
            if (section.Kind != NeededVersions)
                continue;
            for (var need = section.Offset; ; need += (int)U32(need + 12))
            {
                for (int i = 0, aux = need + (int)U32(need + 8); i < U16(need + 2); i++, aux += (int)U32(aux + 12))
                {
                    if (Name(sections[section.Link].Offset + (int)U32(aux + 8)) == Version)
                        return aux;
                }

                if (U32(need + 12) == 0)
                    break;
            }
        }

        return -1;
    }

    /// <summary>Why the version is really needed; null when only the unused symbol asks for it.</summary>
    private string FindUse(List<Section> sections, int version)
    {
        var symbols = sections.Find(s => s.Kind == DynamicSymbols);
        var versions = sections.Find(s => s.Kind == SymbolVersions);
        if (symbols == null || versions == null)
            return "it has no dynamic symbols";
        var asking = new HashSet<ulong>();
        for (var i = 0; i < symbols.Length / SymbolSize; i++)
        {
            if ((U16(versions.Offset + (2 * i)) & 0x7fff) != version)
                continue;
            var name = Name(sections[symbols.Link].Offset + (int)U32(symbols.Offset + (SymbolSize * i)));
            if (name != UnusedSymbol)
                return name + " uses " + Version + " too";
            asking.Add((ulong)i);
        }

        foreach (var section in sections)
        {
            if (section.Kind != RelocationsWithAddend && section.Kind != Relocations)
                continue;
            var entry = section.Kind == Relocations ? 16 : 24;
            for (var at = section.Offset; at < section.Offset + section.Length; at += entry)
            {
                if (asking.Contains(U64(at + 8) >> 32))
                    return "a relocation uses " + UnusedSymbol;
            }
        }

        return null;
    }

    private ushort U16(int at) => BitConverter.ToUInt16(_file, at);

    private uint U32(int at) => BitConverter.ToUInt32(_file, at);

    private ulong U64(int at) => BitConverter.ToUInt64(_file, at);

    private string Name(int at) => Encoding.ASCII.GetString(_file, at, Array.IndexOf(_file, (byte)0, at) - at);

    private sealed class Section
    {
        public uint Kind;
        public int Offset, Length, Link;
    }
}
