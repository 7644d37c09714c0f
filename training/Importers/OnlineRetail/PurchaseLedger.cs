namespace ServerlessRec.Training.Importers.OnlineRetail;

/// <summary>Purchases in the order of the file, and what cancellations left of them.</summary>
internal sealed class PurchaseLedger
{
    private readonly List<Purchase> _purchases = [];
    private readonly List<int> _previous = [];
    private readonly Dictionary<(int User, int Item), int> _latest = [];

    public long CancelledPurchases { get; private set; }

    public long UnmatchedCancellations { get; private set; }

    /// <summary>Purchases that were not cancelled in full.</summary>
    public IEnumerable<Purchase> Kept => _purchases.Where(purchase => purchase.Quantity > 0);

    /// <summary>Adds a purchase; several lines of one item at one moment are one purchase.</summary>
    public void Buy(int user, int item, double quantity, long unixMilliseconds)
    {
        if (quantity <= 0)
        {
            return;
        }

        var latest = _latest.GetValueOrDefault((user, item), -1);
        if (latest >= 0 && _purchases[latest].UnixMilliseconds == unixMilliseconds)
        {
            _purchases[latest] = _purchases[latest] with { Quantity = _purchases[latest].Quantity + quantity };
            return;
        }

        _latest[(user, item)] = _purchases.Count;
        _purchases.Add(new Purchase(user, item, quantity, unixMilliseconds));
        _previous.Add(latest);
    }

    /// <summary>Takes a quantity from the user's latest purchases of an item.</summary>
    public void Cancel(int user, int item, double quantity)
    {
        var place = _latest.GetValueOrDefault((user, item), -1);
        if (place < 0)
        {
            UnmatchedCancellations++;
            return;
        }

        while (quantity > 0 && place >= 0)
        {
            var purchase = _purchases[place];
            var taken = Math.Min(quantity, purchase.Quantity);
            _purchases[place] = purchase with { Quantity = purchase.Quantity - taken };
            quantity -= taken;
            if (taken > 0 && taken == purchase.Quantity)
            {
                CancelledPurchases++;
            }

            place = _previous[place];
        }
    }
}

/// <summary>One item bought by one user at one moment.</summary>
internal readonly record struct Purchase(int User, int Item, double Quantity, long UnixMilliseconds);
