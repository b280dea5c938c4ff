/** Something that is sold in several styles: name, lowest and highest price in pence, what is said of it. */
export type Thing = readonly [name: string, low: number, high: number, said: string];

/** A category of the demo company and what may stand in it. */
export interface Shelf {
  readonly name: string;
  readonly department: string;
  /** Begins the SKUs. */
  readonly code: string;
  readonly tax: 'standard' | 'zero';
  readonly styles: readonly string[];
  readonly things: readonly Thing[];
  /** Sold by the piece for less than a penny more or less: prices have four decimals. */
  readonly byThePiece?: true;
}

const glazes = ['Cornflower', 'Speckled Cream', 'Midnight', 'Sage', 'Terracotta', 'Oatmeal'];
const woods = ['Oak', 'Walnut', 'Bamboo', 'Beech'];
const cloths = ['Natural Linen', 'Indigo Stripe', 'Mustard', 'Forest Check', 'Dusty Rose', 'Charcoal'];
const scents = ['Fig and Cassis', 'Sea Salt', 'Cedarwood', 'Lavender', 'Orange Blossom', 'Winter Spice'];
const metals = ['Galvanised', 'Copper', 'Matt Black', 'Antique Brass'];
const patterns = ['Botanical', 'Marbled', 'Starry Night', 'Swallow', 'Wildflower', 'Geometric'];
const animals = ['Fox', 'Rabbit', 'Elephant', 'Owl', 'Bear', 'Whale'];

/** The shelves of the demo company, a gift and homeware wholesaler. Adding one leaves the products of the others alone. */
export const demoShelves: readonly Shelf[] = [
  {
    name: 'Mugs and Cups',
    department: 'Kitchen',
    code: 'MUG',
    tax: 'standard',
    styles: glazes,
    things: [
      ['Stoneware Mug', 495, 795, 'Holds 350 ml; safe in dishwasher and microwave.'],
      ['Espresso Cup', 325, 495, 'Holds 80 ml; stacks.'],
      ['Latte Mug', 595, 895, 'Tall, holds 450 ml.'],
      ['Teacup and Saucer', 750, 1195, 'Fine rim, saucer included.'],
    ],
  },
  {
    name: 'Tableware',
    department: 'Kitchen',
    code: 'TAB',
    tax: 'standard',
    styles: glazes,
    things: [
      ['Dinner Plate', 695, 995, 'Stoneware, 27 cm.'],
      ['Side Plate', 450, 650, 'Stoneware, 20 cm.'],
      ['Pasta Bowl', 750, 1050, 'Wide rim, 23 cm.'],
      ['Serving Platter', 1650, 2450, 'Oval, 38 cm.'],
      ['Milk Jug', 595, 850, 'Pours without dripping; 300 ml.'],
    ],
  },
  {
    name: 'Boards and Utensils',
    department: 'Kitchen',
    code: 'BRD',
    tax: 'standard',
    styles: woods,
    things: [
      ['Chopping Board', 1195, 2495, 'Oiled, 35 × 25 cm.'],
      ['Cheese Board', 1450, 2250, 'With a groove for the knife.'],
      ['Salad Servers', 795, 1295, 'A pair, 30 cm.'],
      ['Spatula', 350, 595, 'Bevelled for scraping.'],
      ['Rolling Pin', 850, 1350, 'Tapered, 45 cm.'],
    ],
  },
  {
    name: 'Kitchen Textiles',
    department: 'Kitchen',
    code: 'TEX',
    tax: 'standard',
    styles: cloths,
    things: [
      ['Tea Towel', 495, 795, 'Washed cotton, 50 × 70 cm.'],
      ['Apron', 1495, 2195, 'Cross back, two pockets.'],
      ['Oven Glove', 850, 1250, 'Quilted, one pair.'],
      ['Set of Four Napkins', 1150, 1695, '40 × 40 cm each.'],
    ],
  },
  {
    name: 'Candles',
    department: 'Home',
    code: 'CAN',
    tax: 'standard',
    styles: scents,
    things: [
      ['Candle in Glass', 995, 1695, 'Burns about 40 hours.'],
      ['Travel Candle', 550, 795, 'In a tin; burns about 15 hours.'],
      ['Pillar Candle', 695, 1150, '7 × 15 cm.'],
      ['Reed Diffuser', 1295, 1895, '100 ml with eight reeds.'],
    ],
  },
  {
    name: 'Cushions and Throws',
    department: 'Home',
    code: 'CUS',
    tax: 'standard',
    styles: cloths,
    things: [
      ['Cushion', 1695, 2695, '45 × 45 cm, feather filled.'],
      ['Bolster', 1995, 2895, '60 × 20 cm.'],
      ['Throw', 2995, 4995, '130 × 170 cm, fringed.'],
      ['Seat Pad', 1150, 1650, 'With ties.'],
    ],
  },
  {
    name: 'Clocks and Frames',
    department: 'Home',
    code: 'CLK',
    tax: 'standard',
    styles: [...woods, ...metals],
    things: [
      ['Wall Clock', 2450, 3995, '30 cm, silent movement.'],
      ['Alarm Clock', 1695, 2495, 'With a light.'],
      ['Photo Frame', 695, 1495, 'For 13 × 18 cm.'],
    ],
  },
  {
    name: 'Lighting',
    department: 'Home',
    code: 'LIT',
    tax: 'standard',
    styles: metals,
    things: [
      ['Hurricane Lantern', 1495, 2695, 'For tea lights and pillar candles.'],
      ['Desk Lamp', 3495, 5495, 'E14, with a dimmer.'],
      ['Pendant Shade', 2495, 3995, '28 cm; cable not included.'],
      ['String of Lights', 895, 1495, '40 LEDs, 4 m.'],
      ['Tea Light Holder', 295, 495, 'Sold singly.'],
    ],
  },
  {
    name: 'Planters',
    department: 'Garden',
    code: 'PLA',
    tax: 'standard',
    styles: [...glazes, ...metals],
    things: [
      ['Plant Pot', 595, 1295, '14 cm, with a saucer.'],
      ['Hanging Planter', 995, 1795, 'With a chain of 60 cm.'],
    ],
  },
  {
    name: 'Garden Tools',
    department: 'Garden',
    code: 'TOO',
    tax: 'standard',
    styles: ['Ash Handled', 'Copper', 'Stainless', 'Children’s'],
    things: [
      ['Hand Trowel', 895, 1495, 'Marked for planting depth.'],
      ['Hand Fork', 895, 1495, 'Three tines.'],
      ['Dibber', 595, 995, 'For bulbs and seedlings.'],
      ['Watering Can', 1995, 3495, 'With a fine rose.'],
      ['Row Marker', 1050, 1650, '10 m of twine on two pegs.'],
    ],
  },
  {
    name: 'Picnic',
    department: 'Garden',
    code: 'PIC',
    tax: 'standard',
    styles: cloths,
    things: [
      ['Picnic Blanket', 2495, 3995, 'Waterproof back, 150 × 200 cm.'],
      ['Cool Bag', 1695, 2695, '18 litres.'],
      ['Bottle Carrier', 995, 1495, 'For two bottles.'],
    ],
  },
  {
    name: 'Notebooks',
    department: 'Paper',
    code: 'NOT',
    tax: 'standard',
    styles: patterns,
    things: [
      ['Pocket Notebook', 295, 495, 'A6, 64 plain pages.'],
      ['Ruled Notebook', 595, 895, 'A5, 160 pages, lies flat.'],
      ['Sketchbook', 995, 1495, 'A4, 150 g paper.'],
      ['Address Book', 795, 1150, 'With an index.'],
    ],
  },
  {
    name: 'Cards and Wrap',
    department: 'Paper',
    code: 'CRD',
    tax: 'standard',
    styles: patterns,
    byThePiece: true,
    things: [
      ['Gift Tag', 6, 14, 'Kraft, with string. Price per piece.'],
      ['Sticker', 3, 8, '35 mm round. Price per piece.'],
      ['Greeting Card', 85, 140, 'Blank inside, with envelope.'],
      ['Sheet of Wrapping Paper', 45, 90, '50 × 70 cm, folded.'],
    ],
  },
  {
    name: 'Children’s Books',
    department: 'Children',
    code: 'BOK',
    tax: 'zero',
    styles: animals,
    things: [
      ['Finds a Friend', 595, 799, 'Picture book, 32 pages, from 3 years.'],
      ['Goes to Sea', 595, 799, 'Picture book, 32 pages, from 3 years.'],
      ['Says Good Night', 499, 699, 'Board book, 16 pages, from 1 year.'],
    ],
  },
  {
    name: 'Wooden Toys',
    department: 'Children',
    code: 'TOY',
    tax: 'standard',
    styles: animals,
    things: [
      ['Pull-Along Toy', 1295, 1895, 'Beech, from 18 months.'],
      ['Stacking Toy', 995, 1495, 'Seven pieces, from 12 months.'],
      ['Jigsaw Puzzle', 795, 1195, '24 pieces, from 3 years.'],
      ['Night Light', 1695, 2495, 'USB-C, warm white.'],
    ],
  },
];

/** What is sold without stock. */
export const demoServices: readonly Thing[] = [
  ['Gift Wrapping', 350, 350, 'In recycled paper, with a tag.'],
  ['Engraving', 895, 895, 'Up to 20 letters on wood or metal.'],
  ['Standard Delivery', 395, 395, 'Three to five working days.'],
  ['Express Delivery', 895, 895, 'The next working day.'],
  ['Pallet Delivery', 4950, 4950, 'Kerbside, within the week.'],
];
