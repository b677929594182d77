using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GradGuard.Monitor.Capture;

/// <summary>
/// Which modules the code of a model's classes runs through <c>forward</c>, read from its IL. It tells a layer that is run past its hooks
/// from one whose weights the code uses by hand: to the gradients both look alike. An intercepted call is none any more, since the compiler
/// has written another in its place.
/// </summary>
internal sealed class WrittenCalls
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly FrozenDictionary<short, OpCode> Instructions = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!).ToFrozenDictionary(static code => code.Value);

    private readonly HashSet<Type> _receivers;

    private WrittenCalls(HashSet<Type> receivers) => _receivers = receivers;

    /// <summary>Reads the code of a model's own classes, their lambdas and iterators included.</summary>
    public static WrittenCalls Of(IEnumerable<HookedLayer> modules)
        => new([.. modules.SelectMany(static layer => OwnTypes(layer.Module)).Distinct().SelectMany(WithInner).SelectMany(Receivers)]);

    /// <summary>A module's class and its base classes up to TorchSharp's, generic ones open.</summary>
    public static IEnumerable<Type> OwnTypes(nn.Module module)
    {
        for (var type = module.GetType(); type is not null && type.Assembly != typeof(nn.Module).Assembly; type = type.BaseType)
            yield return Definition(type);
    }

    /// <summary>True when a <c>forward</c> that the code calls may be this module's.</summary>
    public bool Reach(nn.Module module)
    {
        for (var type = module.GetType(); type is not null; type = type.BaseType)
        {
            if (_receivers.Contains(Definition(type)))
                return true;
        }

        return module.GetType().GetInterfaces().Any(type => _receivers.Contains(Definition(type)));
    }

    private static IEnumerable<Type> WithInner(Type type)
        => type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic)
            .Where(static inner => inner.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)).SelectMany(WithInner).Prepend(type);

    private static IEnumerable<Type> Receivers(Type type)
        => type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)).SelectMany(Receivers);

    /// <summary>Types on which a method calls <c>forward</c>. <c>base.forward(x)</c> is no virtual call, and runs no other module.</summary>
    private static List<Type> Receivers(MethodBase method)
    {
        var found = new List<Type>();
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at];
            if (!Instructions.TryGetValue(value, out var instruction))
                return found;
            at += instruction.Size;
            if ((instruction == OpCodes.Callvirt || instruction == OpCodes.Ldvirtftn)
                && Resolve(method, BitConverter.ToInt32(code, at)) is { Name: "forward", DeclaringType: { } receiver })
            {
                found.Add(Definition(receiver));
            }

            at += instruction.OperandType == OperandType.InlineSwitch ? 4 + (4 * BitConverter.ToInt32(code, at)) : SizeOf(instruction.OperandType);
        }

        return found;
    }

    /// <summary>The method behind a token; null where it lies in an assembly that cannot be loaded.</summary>
    private static MethodBase? Resolve(MethodBase method, int token)
    {
        try
        {
            return method.Module.ResolveMethod(
                token, method.DeclaringType?.GetGenericArguments(), method.IsGenericMethodDefinition ? method.GetGenericArguments() : null);
        }
        catch (Exception fault) when (fault is IOException or TypeLoadException or BadImageFormatException or MissingMemberException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Bytes of an operand (ECMA-335, III.1.2).</summary>
    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
}
