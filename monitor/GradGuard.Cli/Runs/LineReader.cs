using GradGuard.Cli.Input;

namespace GradGuard.Cli.Runs;

/// <summary>Reads a file line by line as bytes, holding one line at a time.</summary>
internal sealed class LineReader(string path) : IDisposable
{
    /// <summary>Bytes of a line at most; a step of a model with 10,000 parameters and layers has 4 MB.</summary>
    public const int LongestLine = 32 << 20;

    private readonly FileStream _stream = RunFile.Open(path);
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _scanned;
    private int _end;
    private bool _isAtEnd;

    /// <summary>Number of the line read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>False for a last line without a line break.</summary>
    public bool IsTerminated { get; private set; }

    /// <summary>Goes on to the next line.</summary>
    /// <param name="line">Its bytes without the line break, until the next call.</param>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="InputException">The file cannot be read, or a line is too long.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_scanned.._end).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = Take(_scanned + length, terminator: 1);
                return true;
            }

            _scanned = _end;
            if (_isAtEnd)
            {
                var isEmpty = _start == _end;
                line = isEmpty ? default : Take(_end, terminator: 0);
                return !isEmpty;
            }

            Fill();
        }
    }

    public void Dispose() => _stream.Dispose();

    private ReadOnlySpan<byte> Take(int end, int terminator)
    {
        var line = _buffer.AsSpan(_start..end);
        _start = _scanned = end + terminator;
        IsTerminated = terminator > 0;
        Number++;
        return line;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_scanned, _end, _start) = (_scanned - _start, _end - _start, 0);
        }

        if (_end > LongestLine)
            throw new InputException($"{path}, line {Number + 1}: it has more than {LongestLine >> 20} MiB");
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        try
        {
            var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            _isAtEnd = read == 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RunFile.Unreadable(path, error);
        }
    }
}
